namespace MLNetTransfer.Heads;

/// <summary>
/// How a head learns. The defaults suit some dozens to some thousands of images. Above 20,000 images cross-validation is shorter, as fewer
/// folds are as telling there: at most 3 outer folds, and of the inner folds only the first is judged.
/// </summary>
public sealed class HeadOptions
{
    private const int ManyImages = 20_000;
    private const int OuterFoldsOfMany = 3;

    /// <summary>
    /// The strengths of regularisation to choose from, each above 0; default 1 to 65536 in powers of 4. The head minimises
    /// sum(weight x log-loss) + L2 / 2 x |w|^2 over standardised features, the bias free: scikit-learn's C is 1 / L2.
    /// </summary>
    public IReadOnlyList<float> L2Grid { get; init; } = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536];

    /// <summary>
    /// The number of folds of the cross-validation that chooses the regularisation, the calibration and the threshold; 2 or more,
    /// default 5. Classes with fewer groups than this lower it.
    /// </summary>
    public int Folds { get; init; } = 5;

    /// <summary>The number of folds of the outer cross-validation that predicts every image honestly; 2 or more, default 10.</summary>
    public int ValidationFolds { get; init; } = 10;

    /// <summary>How much an image of each class counts; default <see cref="ClassWeighting.Balanced"/>.</summary>
    public ClassWeighting ClassWeights { get; init; } = ClassWeighting.Balanced;

    /// <summary>The seed of the folds; default 0. The same seed and data give the same head on any number of threads.</summary>
    public int Seed { get; init; }

    /// <summary>The number of threads, 1 or more; null (default) leaves it to the runtime. It never changes the result.</summary>
    public int? Threads { get; init; }

    /// <summary>Whether one fit is enough work for all threads, so that fits are made one after the other, each on all threads.</summary>
    internal static bool IsMany(int images) => images > ManyImages;

    internal int OuterFoldsOf(int images) => IsMany(images) ? Math.Min(ValidationFolds, OuterFoldsOfMany) : ValidationFolds;

    internal void Validate()
    {
        var faults = new List<string>();
        if (L2Grid is null or [] || L2Grid.Any(value => !(value > 0 && float.IsFinite(value))))
            faults.Add($"{nameof(L2Grid)} must hold one or more finite numbers above 0; "
                + $"received {(L2Grid is null ? "null" : FormattableString.Invariant($"[{string.Join(", ", L2Grid)}]"))}.");
        if (Folds < 2)
            faults.Add($"{nameof(Folds)} must be 2 or more; received {Folds}.");
        if (ValidationFolds < 2)
            faults.Add($"{nameof(ValidationFolds)} must be 2 or more; received {ValidationFolds}.");
        if (!Enum.IsDefined(ClassWeights))
            faults.Add($"{nameof(ClassWeights)} must be Balanced or None; received {(int)ClassWeights}.");
        if (Threads < 1)
            faults.Add($"{nameof(Threads)} must be 1 or more, or null; received {Threads}.");
        if (faults.Count > 0)
            throw new TransferException(string.Join(' ', faults));
    }
}
