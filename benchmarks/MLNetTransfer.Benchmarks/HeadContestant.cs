using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MLNetTransfer.Heads;

namespace MLNetTransfer.Benchmarks;

/// <summary>Our side of the benchmark 'head', in a process of its own, so that its peak of memory is its own. Prints one line of JSON.</summary>
internal static class HeadContestant
{
    /// <summary>The relative decrease at which scipy's L-BFGS stops.</summary>
    private const double Tolerance = 1e7 * 2.220446049250313e-16;

    public static int Run(string task, string folder, string strength, TextWriter output)
    {
        var l2 = float.Parse(strength, CultureInfo.InvariantCulture);
        var (features, labels) = HeadData.Read(folder, "train");
        var started = Stopwatch.GetTimestamp();
        var result = task == "train" ? Train(features, labels, started) : Fit(features, labels, folder, l2, started);
        output.WriteLine(JsonSerializer.Serialize(result));
        return 0;
    }

    private static object Fit(FeatureMatrix features, int[] labels, string folder, float l2, long started)
    {
        int[] rows = [.. Enumerable.Range(0, features.Rows)];
        var design = Design.Folded(new FeatureView(features), rows);
        var parameters = new double[features.Columns + 1];
        var model = HeadSelection.Fit(design, labels, rows, [1, 1], l2, parameters, Tolerance, threads: -1);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var peak = Peak();
        var objective = new LogisticObjective(design, labels, rows, [1, 1], l2, -1, CancellationToken.None);
        var loss = objective.Evaluate(parameters, new double[parameters.Length]);

        var (test, actual) = HeadData.Read(folder, "test");
        var right = 0;
        for (var row = 0; row < test.Rows; row++)
            if (WideningKernels.Dot(test.Row(row), model.WeightsOf(0)) + model.Biases[0] >= 0 == (actual[row] == 1))
                right++;
        return new { seconds, loss, accuracy = (double)right / test.Rows, peak, name = "MLNetTransfer" };
    }

    /// <summary>All that a training does: L2, calibration and threshold chosen, everything validated, the final head fitted.</summary>
    private static object Train(FeatureMatrix features, int[] labels, long started)
    {
        int[] rows = [.. Enumerable.Range(0, features.Rows)];
        var head = HeadTrainer.Train(features, labels, rows, ["a", "b"]);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var right = head.CrossValidatedDecisions.Zip(labels).Count(pair => pair.First == pair.Second);
        return new { seconds, loss = (double)head.L2, accuracy = (double)right / labels.Length, peak = Peak(), name = "MLNetTransfer" };
    }

    private static double Peak()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / (double)(1 << 20);
    }
}
