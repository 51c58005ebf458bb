using MLNetTransfer.Domains;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>What an adaptation method gets to see: bottlenecks of a labelled source, of an unlabelled target, perhaps of a few labelled target images. Never held-out labels.</summary>
public sealed class AdaptationProblem
{
    /// <summary>States a problem and checks it.</summary>
    /// <param name="source">Two rows or more of two classes or more.</param>
    /// <param name="target">Two rows or more, of the same features.</param>
    /// <param name="shots">A few labelled rows of the target, of the source's classes; null for none.</param>
    /// <exception cref="TransferException">It cannot be solved by any method; the message says why.</exception>
    public AdaptationProblem(LabeledFeatures source, UnlabeledFeatures target, LabeledFeatures? shots = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        var present = source.Labels.Distinct().Count();
        if (present < 2)
            throw new TransferException($"A source has images of 2 or more classes; received {present}. Add images of another class.");
        if (target.Features.Rows < 2)
            throw new TransferException($"A target has 2 or more images; received {target.Features.Rows}. Add images, or predict without adaptation.");
        if (shots is not null && !shots.Classes.SequenceEqual(source.Classes))
            throw new TransferException("The few labelled target images have the classes of the source, in the same order; "
                + $"received {string.Join(", ", shots.Classes)} for {string.Join(", ", source.Classes)}. Read them with the source's classes.");
        foreach (var (name, features) in new[] { ("source", source.Features), ("target", target.Features), ("few labelled target images", shots?.Features) })
        {
            if (features is null)
                continue;
            if (features.Columns != source.Features.Columns)
                throw new TransferException($"Source and target have the same features; received {source.Features.Columns} for the source and {features.Columns} for the {name}. "
                    + "Featurise both with one backbone and cut.");
            RequireFinite(name, features);
            RequireVarying(name, features);
        }
        (Source, Target, Shots) = (source, target, shots);
    }

    /// <summary>The labelled source.</summary>
    public LabeledFeatures Source { get; }

    /// <summary>The unlabelled target.</summary>
    public UnlabeledFeatures Target { get; }

    /// <summary>A few labelled rows of the target; null for none.</summary>
    public LabeledFeatures? Shots { get; }

    private static void RequireFinite(string name, FeatureMatrix features)
    {
        for (var row = 0; row < features.Rows; row++)
            foreach (var value in features.Row(row))
                if (!float.IsFinite(value))
                    throw new TransferException(FormattableString.Invariant($"Features are finite numbers; received {value} in row {row} of the {name}. Check the backbone."));
    }

    private static void RequireVarying(string name, FeatureMatrix features)
    {
        if (features.Rows < 2)
            return;
        var first = features.Row(0);
        for (var row = 1; row < features.Rows; row++)
            if (!features.Row(row).SequenceEqual(first))
                return;
        throw new TransferException($"Features differ between images; all {features.Rows} rows of the {name} are the same. Check the images and the backbone.");
    }
}
