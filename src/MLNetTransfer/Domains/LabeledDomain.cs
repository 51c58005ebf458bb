using MLNetTransfer.Images;

namespace MLNetTransfer.Domains;

/// <summary>A domain whose images have labels: a source, a few labelled images of a target, or a held-out target for evaluation.</summary>
public sealed class LabeledDomain : ImageDomain
{
    /// <summary>Names labelled images as a domain.</summary>
    /// <param name="name">What it is called in tables and messages.</param>
    /// <param name="images">The images with their labels.</param>
    /// <exception cref="TransferException">There is no image.</exception>
    public LabeledDomain(string name, ImageSet images)
        : base(name, [.. (images ?? throw new ArgumentNullException(nameof(images))).Images.Select(image => image.Path)]) => Images = images;

    /// <summary>The images with their labels.</summary>
    public ImageSet Images { get; }

    /// <summary>Reads a folder with one sub-folder per class, or a CSV/TSV manifest.</summary>
    /// <param name="name">What it is called in tables and messages.</param>
    /// <param name="path">The folder or the manifest.</param>
    /// <exception cref="TransferException">There is neither, or it is not well formed.</exception>
    public static LabeledDomain Read(string name, string path) => new(name, ImageSet.Read(path));

    /// <summary>The same images, their labels left behind for good.</summary>
    public UnlabeledDomain WithoutLabels() => new(Name, Paths);
}
