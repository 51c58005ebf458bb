namespace MLNetTransfer.Domains;

/// <summary>What is to be transferred where: a labelled source and a target without labels, or with labels of a few of its images.</summary>
/// <remarks>Held-out target labels are no part of it: they exist in evaluation only, and no method can be given them.</remarks>
public sealed class TransferProblem
{
    /// <summary>States a problem.</summary>
    /// <param name="source">The labelled source: two classes or more.</param>
    /// <param name="target">The unlabelled images of the target.</param>
    /// <param name="shots">The few labelled images of the target, of classes the source has; null for none.</param>
    /// <exception cref="TransferException">The source has fewer than two classes, or the few labels name a class it does not have.</exception>
    public TransferProblem(LabeledDomain source, UnlabeledDomain target, LabeledDomain? shots = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        source.Images.RequireTrainable();
        if (shots?.Images.Classes.FirstOrDefault(name => !source.Images.Classes.Contains(name)) is { } foreign)
            throw new TransferException($"Source and target share their classes ({string.Join(", ", source.Images.Classes.Select(name => $"'{name}'"))}); "
                + $"received the class '{foreign}' in {shots.Images.Source}. Rename it, or leave it out.");
        (Source, Target, Shots) = (source, target, shots);
    }

    /// <summary>The labelled source.</summary>
    public LabeledDomain Source { get; }

    /// <summary>The unlabelled images of the target.</summary>
    public UnlabeledDomain Target { get; }

    /// <summary>The few labelled images of the target; null for none.</summary>
    public LabeledDomain? Shots { get; }
}
