using MLNetTransfer.Backbones.Quantization;

namespace MLNetTransfer.Transfer;

/// <summary>How a quantised backbone is made and measured. Every default is usable as it is.</summary>
public sealed class QuantizationTrialOptions
{
    /// <summary>The name of the cut below which the backbone is quantised; default "last", its default cut.</summary>
    public string Cut { get; init; } = Backbones.Cut.Last;

    /// <summary>How many images, drawn by the seed, settle the scales, 1 or more; default 64, or all where there are fewer.</summary>
    public int CalibrationImages { get; init; } = 64;

    /// <summary>The seed of the draw and of the folds; default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How the network is quantised; the defaults when left out.</summary>
    public QuantizationOptions Quantization { get; init; } = new();

    /// <summary>
    /// How often the images are dealt to new folds, 1 or more; default 3. Which images are next to which in a fold moves an accuracy by about as
    /// much as quantisation does: repetition averages it out.
    /// </summary>
    public int Repetitions { get; init; } = 3;

    /// <summary>How often both networks are timed, in turns, 1 or more; default 5.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>How long each is timed in a round; default a quarter of a second.</summary>
    public TimeSpan Stretch { get; init; } = TimeSpan.FromSeconds(0.25);

    /// <summary>How many images are worked on at a time, 1 or more; null (default) takes all cores for the features and one for the timing.</summary>
    public int? Threads { get; init; }

    /// <summary>The clock that times the networks; default the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        var faults = new List<string>();
        if (string.IsNullOrEmpty(Cut))
            faults.Add("Cut is the name of a cut of the backbone; received none.");
        foreach (var (name, value) in new[] { (nameof(CalibrationImages), CalibrationImages), (nameof(Repetitions), Repetitions), (nameof(Rounds), Rounds), (nameof(Threads), Threads ?? 1) })
            if (value < 1)
                faults.Add(FormattableString.Invariant($"{name} is 1 or more; received {value}."));
        if (faults.Count > 0)
            throw new TransferException("Options of the trial are wrong. " + string.Join(' ', faults));
    }
}
