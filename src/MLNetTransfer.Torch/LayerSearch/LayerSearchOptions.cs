using MLNetTransfer.Torch.FineTuning;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Torch.LayerSearch;

/// <summary>Which layers are compared, and how thoroughly. Every default is usable as it is.</summary>
public sealed record LayerSearchOptions
{
    /// <summary>Backbone, seed, class weights, threads and cache. Its cut and its test images are not used.</summary>
    public TransferOptions Transfer { get; init; } = new();

    /// <summary>How layers are trained; its cut and hidden units are what is searched for.</summary>
    public FineTuningOptions FineTuning { get; init; } = new() { Cut = Backbones.Cut.Auto };

    /// <summary>Whether layers are trained at all; default true. Frozen layers alone take seconds.</summary>
    public bool FineTunes { get; init; } = true;

    /// <summary>The units of the hidden layer that is tried on the best features; 0 for none; default 64.</summary>
    public int HiddenUnits { get; init; } = 64;

    /// <summary>The cut that all choices keep; null (default) to compare all cuts.</summary>
    public string? Keep { get; init; }

    /// <summary>
    /// How often the cross-validation of frozen layers is repeated with other folds, 1 or more; default 5. One draw of folds tells close cuts apart by luck: searched on 200 photos of concrete and 400 of
    /// flowers with the embedded network, 10 and 9 of 10 picks were good with five draws, 9 and 8 with one; of ants and bees 7 with either.
    /// </summary>
    public int Repetitions { get; init; } = 5;

    /// <summary>Whether every choice is trained in full, where otherwise the worse ones are given up early; default false.</summary>
    public bool IsExhaustive { get; init; }

    /// <summary>
    /// Standard errors of the paired difference of log-losses within which a cheaper choice is preferred to the best one; 0 or more. Default .25; 1 is the one-standard-error rule of Breiman et al.,
    /// "Classification and Regression Trees", 1984; 0 always takes the best.
    /// </summary>
    public double Tie { get; init; } = 0.25;

    /// <summary>The time after which nothing more is tried; null (default) for none. What was found until then is the answer.</summary>
    public TimeSpan? Budget { get; init; }

    internal void Validate()
    {
        Transfer.Validate();
        FineTuning.Validate();
        if (HiddenUnits < 0)
            throw new TransferException($"HiddenUnits is 0 or more; received {HiddenUnits}.");
        if (Repetitions < 1)
            throw new TransferException($"Repetitions is 1 or more; received {Repetitions}.");
        if (!(Tie >= 0))
            throw new TransferException(FormattableString.Invariant($"Tie is 0 or more; received {Tie}."));
        if (Budget is { } budget && budget <= TimeSpan.Zero)
            throw new TransferException($"Budget is a time above 0; received {budget}.");
    }
}
