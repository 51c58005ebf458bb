using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace MLNetTransfer.Benchmarks;

/// <summary>
/// A head on a matrix of many images: our fit and scikit-learn's LogisticRegression, the same matrix, standardisation, L2 and stopping rule, each
/// in a process of its own, in turns. Reading the matrix is not timed; standardising it is.
/// </summary>
internal static class HeadBenchmark
{
    private const string Python = "/usr/bin/python3";
    private const int TestRows = 10_000;
    private const string Usage = "Usage: -- head [--rows N] [--columns N] [--l2 X] [--repeat N]";

    public static int Run(IReadOnlyList<string> args, TextWriter output)
    {
        var (rows, columns, l2, repeat) = (100_000, 1_280, 1024f, 3);
        for (var i = 0; i < args.Count; i += 2)
        {
            var value = args.ElementAtOrDefault(i + 1);
            _ = args[i] switch
            {
                "--rows" when int.TryParse(value, out var number) && number >= 100 => rows = number,
                "--columns" when int.TryParse(value, out var number) && number >= 1 => columns = number,
                "--repeat" when int.TryParse(value, out var number) && number >= 1 => repeat = number,
                "--l2" when float.TryParse(value, CultureInfo.InvariantCulture, out var number) && number > 0 => l2 = number,
                _ => throw new TransferException($"Received '{args[i]} {value}'. {Usage}"),
            };
        }

        var folder = Directory.CreateTempSubdirectory("mlnettransfer-head-").FullName;
        try
        {
            HeadData.Write(folder, "train", rows, columns);
            HeadData.Write(folder, "test", TestRows, columns);
            Compare(folder, rows, columns, l2.ToString(CultureInfo.InvariantCulture), repeat, output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return 0;
    }

    private static void Compare(string folder, int rows, int columns, string l2, int repeat, TextWriter output)
    {
        var megabytes = (double)rows * columns * sizeof(float) / (1 << 20);
        output.WriteLine(FormattableString.Invariant($"{rows} x {columns} features, {megabytes:0} MiB, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}."));
        output.WriteLine();
        List<Measured> ours = [], theirs = [];
        string? skipped = null;
        for (var i = 0; i < repeat; i++)
        {
            ours.Add(RunChild(Environment.ProcessPath!, [.. Self(), "head-contestant", "fit", folder, l2]));
            if (skipped is not null)
                continue;
            var peer = File.Exists(Python) ? RunChild(Python, [Path.Combine(AppContext.BaseDirectory, "head_peer.py"), folder, l2]) : new Measured { Skipped = $"no {Python}" };
            if ((skipped = peer.Skipped) is null)
                theirs.Add(peer);
        }

        output.WriteLine($"| one fit, L2 = {l2}, {repeat} rounds in turns | seconds min | median | max | peak memory, MiB | loss reached | held-out accuracy |");
        output.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var side in new[] { ours, theirs }.Where(side => side.Count > 0))
        {
            double[] seconds = [.. side.Select(run => run.Seconds).Order()];
            output.WriteLine(FormattableString.Invariant($"| {side[0].Name} | {seconds[0]:0.00} | {seconds[seconds.Length / 2]:0.00} | {seconds[^1]:0.00} | {side.Max(run => run.Peak):0} | {side[0].Loss:0.000} | {side[0].Accuracy:0.0000} |"));
        }
        if (skipped is null)
        {
            double[] ratios = [.. ours.Zip(theirs, (a, b) => b.Seconds / a.Seconds).Order()];
            output.WriteLine(FormattableString.Invariant($"| times as fast, within a round | {ratios[0]:0.00} | {ratios[ratios.Length / 2]:0.00} | {ratios[^1]:0.00} | | | |"));
        }
        else
        {
            output.WriteLine($"| scikit-learn: skipped, {skipped} | | | | | | |");
        }
        var whole = RunChild(Environment.ProcessPath!, [.. Self(), "head-contestant", "train", folder, l2]);
        output.WriteLine();
        output.WriteLine(FormattableString.Invariant($"Training with everything chosen and validated: {whole.Seconds:0.0} s, peak {whole.Peak:0} MiB ({whole.Peak / megabytes:0.00} x the matrix), L2 {whole.Loss:0}, cross-validated accuracy {whole.Accuracy:0.0000}."));
    }

    /// <summary>This program again: through `dotnet` its first argument is the assembly.</summary>
    private static string[] Self() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(HeadBenchmark).Assembly.Location] : [];

    private static Measured RunChild(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var line = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 && JsonSerializer.Deserialize<Measured>(line, JsonSerializerOptions.Web) is { } measured ? measured
            : throw new TransferException($"A contestant prints what it measured and exits with 0; received '{line}' and {process.ExitCode}.");
    }

    private sealed record Measured
    {
        public string Name { get; init; } = "";
        public double Seconds { get; init; }
        public double Peak { get; init; }
        public double Loss { get; init; }
        public double Accuracy { get; init; }
        public string? Skipped { get; init; }
    }
}
