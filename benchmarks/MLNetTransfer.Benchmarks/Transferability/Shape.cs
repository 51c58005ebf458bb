namespace MLNetTransfer.Benchmarks.Transferability;

/// <summary>Something Yosinski et al. found, as a number that is above 0 where it holds.</summary>
/// <param name="Name">What they found.</param>
/// <param name="Measure">The number, in words.</param>
/// <param name="Combine">The number of one split, from the accuracies of its networks by arm and layers.</param>
internal sealed record Shape(string Name, string Measure, Func<Func<Arm, int, double>, double> Combine)
{
    /// <summary>The shapes that show within a split.</summary>
    public static IReadOnlyList<Shape> All { get; } =
    [
        new("self-transfer dips in the middle when frozen", "mean of B1B and B6B - mean of B2B to B5B",
            of => Mean(of, Arm.SelfFrozen, 1, 6) - Mean(of, Arm.SelfFrozen, 2, 3, 4, 5)),
        new("… and lies below base there", "baseB - mean of B2B to B5B", of => of(Arm.BaseB, 0) - Mean(of, Arm.SelfFrozen, 2, 3, 4, 5)),
        new("… and recovers when tuned", "mean of B2B+ and B4B+ - mean of B2B and B4B", of => Mean(of, Arm.SelfTuned, 2, 4) - Mean(of, Arm.SelfFrozen, 2, 4)),
        new("transfer falls with depth", "mean of A1B to A3B - mean of A4B to A6B", of => Mean(of, Arm.TransferFrozen, 1, 2, 3) - Mean(of, Arm.TransferFrozen, 4, 5, 6)),
        new("tuned transfer is at least as good as base", "mean of A2B+, A4B+ and A6B+ - baseB", of => Mean(of, Arm.TransferTuned, 2, 4, 6) - of(Arm.BaseB, 0)),
        new("… and as base trained twice as long", "mean of A2B+, A4B+ and A6B+ - baseB, twice as long", of => Mean(of, Arm.TransferTuned, 2, 4, 6) - of(Arm.BaseTwice, 0)),
        new("random frozen layers are far below base", "baseB - mean of R4B to R6B", of => of(Arm.BaseB, 0) - Mean(of, Arm.RandomFrozen, 4, 5, 6)),
        new("… and far below transfer", "mean of A4B to A6B - mean of R4B to R6B", of => Mean(of, Arm.TransferFrozen, 4, 5, 6) - Mean(of, Arm.RandomFrozen, 4, 5, 6)),
    ];

    /// <summary>The share of what base B knows beyond chance that transfer loses, all cuts together: comparable between tasks of unlike difficulty.</summary>
    public static double Loss(Func<Arm, int, double> of, double chance) =>
        (of(Arm.BaseB, 0) - Mean(of, Arm.TransferFrozen, 1, 2, 3, 4, 5, 6)) / (of(Arm.BaseB, 0) - chance);

    private static double Mean(Func<Arm, int, double> of, Arm arm, params ReadOnlySpan<int> layers)
    {
        var sum = 0.0;
        foreach (var count in layers)
            sum += of(arm, count);
        return sum / layers.Length;
    }
}
