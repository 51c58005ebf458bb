using System.Globalization;

namespace MLNetTransfer.Benchmarks.Transferability;

/// <summary>The results of whole splits, seen as differences within a split: networks of one split share images, random weights and their order.</summary>
internal sealed class Findings
{
    private readonly Dictionary<NetworkRun, double> _accuracies;

    /// <summary>Keeps the splits whose networks are all there.</summary>
    public Findings(IReadOnlyList<NetworkResult> results)
    {
        if (results.Select(result => result.Plan).Distinct().Count() != 1)
            throw new TransferException("A report is of one plan; the results file has none or several. Keep the lines of one.");
        Plan = results[0].Plan;
        _accuracies = results.ToDictionary(result => result.Run, result => result.Accuracy);
        Splits = [.. results.Select(result => (result.Run.Similarity, result.Run.Seed)).Distinct().Order()
            .Where(split => NetworkRun.Of(split.Similarity, split.Seed).All(_accuracies.ContainsKey))];
        if (Splits.Count == 0)
            throw new TransferException("A report needs a whole split; the results file has none. Let the experiment go on.");
    }

    /// <summary>How the networks were trained.</summary>
    public string Plan { get; }

    /// <summary>The accuracy of a guess, 0 to 1: the plan says how many formulas a task has.</summary>
    public double Chance
    {
        get
        {
            var words = Plan.Split(' ');
            return 1.0 / int.Parse(words[Array.IndexOf(words, "classes") + 1], CultureInfo.InvariantCulture);
        }
    }

    /// <summary>The splits that are complete.</summary>
    public IReadOnlyList<(Similarity Similarity, int Seed)> Splits { get; }

    /// <summary>The cuts an arm was measured at, ascending.</summary>
    public static int[] Cuts(Arm arm) => [.. NetworkRun.Of(Similarity.Similar, 1).Where(run => run.Arm == arm).Select(run => run.Layers).Order()];

    /// <summary>Accuracies of an arm, one a split.</summary>
    public Contrast Accuracy(Similarity similarity, Arm arm, int layers = 0) => Over(similarity, of => of(arm, layers));

    /// <summary>By how much an arm is above base B.</summary>
    public Contrast AboveBase(Similarity similarity, Arm arm, int layers) => Over(similarity, of => of(arm, layers) - of(Arm.BaseB, 0));

    /// <summary>Any combination of accuracies, computed within every split.</summary>
    /// <param name="similarity">Which splits.</param>
    /// <param name="combine">Given a function from arm and layers to accuracy.</param>
    public Contrast Over(Similarity similarity, Func<Func<Arm, int, double>, double> combine) => Contrast.Of([.. Splits
        .Where(split => split.Similarity == similarity)
        .Select(split => combine((arm, layers) => _accuracies[new NetworkRun(split.Similarity, split.Seed, arm, layers)]))]);
}
