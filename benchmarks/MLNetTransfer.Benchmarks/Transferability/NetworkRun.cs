using System.Globalization;

namespace MLNetTransfer.Benchmarks.Transferability;

/// <summary>One network of the experiment.</summary>
/// <param name="Similarity">How its two tasks were split.</param>
/// <param name="Seed">Of the split, the images, the weights and the order of training.</param>
/// <param name="Arm">What it starts from.</param>
/// <param name="Layers">How many lower layers are taken over; 0 for the bases.</param>
internal readonly record struct NetworkRun(Similarity Similarity, int Seed, Arm Arm, int Layers)
{
    /// <summary>The cuts at which lower layers are trained on: every second one, because nothing below a cut can be computed once for all steps there.</summary>
    private static readonly int[] TunedCuts = [2, 4, 6];

    /// <summary>The networks of one split, in the order they are trained: bases first.</summary>
    public static IEnumerable<NetworkRun> Of(Similarity similarity, int seed)
    {
        var bases = new[] { Arm.BaseA, Arm.BaseB }.Select(arm => new NetworkRun(similarity, seed, arm, 0));
        var frozen = from arm in new[] { Arm.SelfFrozen, Arm.TransferFrozen, Arm.RandomFrozen }
                     from layers in Enumerable.Range(1, CutNetwork.Layers)
                     select new NetworkRun(similarity, seed, arm, layers);
        var tuned = from arm in new[] { Arm.TransferTuned, Arm.SelfTuned }
                    from layers in TunedCuts
                    select new NetworkRun(similarity, seed, arm, layers);
        return [.. bases, .. frozen, .. tuned, new NetworkRun(similarity, seed, Arm.BaseTwice, 0)];
    }

    /// <summary>The name in the notation of the paper, where random layers are R.</summary>
    public string Name => Arm switch
    {
        Arm.BaseA => "baseA",
        Arm.BaseB => "baseB",
        Arm.BaseTwice => "baseB, twice as long",
        Arm.SelfFrozen => string.Create(CultureInfo.InvariantCulture, $"B{Layers}B"),
        Arm.SelfTuned => string.Create(CultureInfo.InvariantCulture, $"B{Layers}B+"),
        Arm.TransferFrozen => string.Create(CultureInfo.InvariantCulture, $"A{Layers}B"),
        Arm.TransferTuned => string.Create(CultureInfo.InvariantCulture, $"A{Layers}B+"),
        _ => string.Create(CultureInfo.InvariantCulture, $"R{Layers}B"),
    };
}
