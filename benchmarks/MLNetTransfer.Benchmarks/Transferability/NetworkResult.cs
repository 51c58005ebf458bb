using System.Globalization;

namespace MLNetTransfer.Benchmarks.Transferability;

/// <summary>What came of one network; a line of the results file.</summary>
/// <param name="Run">The network.</param>
/// <param name="Accuracy">On the held-out images of its task, 0 to 1.</param>
/// <param name="Loss">The mean cross-entropy of the last epoch, in nats.</param>
/// <param name="Seconds">What its training took.</param>
/// <param name="Plan">How it was trained: <see cref="TrainingPlan.Identity"/>.</param>
internal sealed record NetworkResult(NetworkRun Run, double Accuracy, double Loss, double Seconds, string Plan)
{
    /// <summary>The first line of a results file.</summary>
    public const string Header = "similarity,seed,arm,layers,network,accuracy,loss,seconds,plan";

    /// <summary>The line, without its end.</summary>
    public string ToLine() => string.Create(CultureInfo.InvariantCulture,
        $"{Run.Similarity},{Run.Seed},{Run.Arm},{Run.Layers},{Run.Name.Replace(",", "", StringComparison.Ordinal)},{Accuracy:0.######},{Loss:0.####},{Seconds:0.#},{Plan}");

    /// <summary>Reads a line.</summary>
    public static NetworkResult Parse(string line)
    {
        var cells = line.Split(',');
        if (cells.Length != 9)
            throw new TransferException($"A line of results has 9 cells; received '{line}'. Delete the line, and its network is trained again.");
        var run = new NetworkRun(Enum.Parse<Similarity>(cells[0]), Number<int>(cells[1]), Enum.Parse<Arm>(cells[2]), Number<int>(cells[3]));
        return new NetworkResult(run, Number<double>(cells[5]), Number<double>(cells[6]), Number<double>(cells[7]), cells[8]);
    }

    private static T Number<T>(string cell) where T : IParsable<T> => T.Parse(cell, CultureInfo.InvariantCulture);
}
