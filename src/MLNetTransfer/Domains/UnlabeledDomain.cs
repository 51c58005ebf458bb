using MLNetTransfer.Images;

namespace MLNetTransfer.Domains;

/// <summary>A domain whose images have no labels: the target of an adaptation.</summary>
public sealed class UnlabeledDomain : ImageDomain
{
    /// <summary>Names images as a domain.</summary>
    /// <param name="name">What it is called in tables and messages.</param>
    /// <param name="paths">The image files, each once; put into ordinal order.</param>
    /// <exception cref="TransferException">There is no image, or one occurs twice.</exception>
    public UnlabeledDomain(string name, IEnumerable<string> paths)
        : base(name, [.. (paths ?? throw new ArgumentNullException(nameof(paths))).Order(StringComparer.Ordinal)])
    {
    }

    /// <summary>Reads the images of a folder and of all folders below it. What its sub-folders are called means nothing here, even if they are classes.</summary>
    /// <param name="name">What it is called in tables and messages.</param>
    /// <param name="folder">The folder, or one image.</param>
    /// <exception cref="TransferException">There is no such folder, or it holds no image.</exception>
    public static UnlabeledDomain Read(string name, string folder) => new(name, ImageFiles.Find([folder]));
}
