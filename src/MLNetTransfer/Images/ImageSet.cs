namespace MLNetTransfer.Images;

/// <summary>Labelled images in ordinal order of their paths, and the classes they may show. Immutable.</summary>
public sealed class ImageSet
{
    private readonly Dictionary<string, int> _labelIndices;

    /// <summary>Makes a set of images.</summary>
    /// <param name="images">The images, in any order; each path once.</param>
    /// <param name="classes">The classes in case some of them have no image here; left out, the classes of the images.</param>
    /// <param name="source">Where the images come from, for messages.</param>
    /// <exception cref="TransferException">A path occurs twice, or an image shows a class that is not among the classes.</exception>
    public ImageSet(IEnumerable<LabeledImage> images, IEnumerable<string>? classes = null, string source = "the image set")
    {
        ArgumentNullException.ThrowIfNull(images);
        Images = Array.AsReadOnly(images.OrderBy(image => image.Path, StringComparer.Ordinal).ToArray());
        Classes = Array.AsReadOnly((classes ?? Images.Select(image => image.Label))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray());
        Source = source;
        _labelIndices = Classes.Select((label, index) => (label, index)).ToDictionary(pair => pair.label, pair => pair.index, StringComparer.Ordinal);
        LabelIndices = Array.AsReadOnly(Images.Select(image => LabelIndexOf(image.Label)).ToArray());
        for (var i = 1; i < Images.Count; i++)
            if (Images[i].Path == Images[i - 1].Path)
                throw new TransferException($"Each image of {source} is listed once; received '{Images[i].Path}' twice. Remove one of the two.");
    }

    /// <summary>The images in ordinal order of their paths.</summary>
    public IReadOnlyList<LabeledImage> Images { get; }

    /// <summary>The classes in ordinal order. Some may have no image here: a subset keeps the classes of the whole.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>For each image, the index of its label in <see cref="Classes"/>.</summary>
    public IReadOnlyList<int> LabelIndices { get; }

    /// <summary>Where the images come from, as messages name it: the quoted folder or manifest, if it was read from one.</summary>
    public string Source { get; }

    /// <summary>Reads a folder with one sub-folder per class, or a CSV/TSV manifest.</summary>
    /// <param name="path">The folder or the manifest.</param>
    /// <exception cref="TransferException">There is neither, or it is not well formed.</exception>
    public static ImageSet Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return File.Exists(path) ? ImageManifest.Read(path) : ImageFolder.Read(path);
    }

    /// <summary>The position of a class in <see cref="Classes"/>.</summary>
    /// <exception cref="TransferException">There is no such class.</exception>
    public int LabelIndexOf(string label) => _labelIndices.TryGetValue(label, out var index)
        ? index
        : throw new TransferException($"The classes of {Source} are {Quote(Classes)}; received '{label}'. Rename the class or choose one of these.");

    /// <summary>The chosen images, with the classes of the whole set.</summary>
    /// <param name="indices">Positions in <see cref="Images"/>, each at most once, in any order.</param>
    public ImageSet Subset(IReadOnlyList<int> indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        return new ImageSet(indices.Select(index => Images[index]), Classes, Source);
    }

    /// <summary>The rule for training: two classes or more, each with enough images. Call it again once unreadable images are left out.</summary>
    /// <param name="minimumImagesPerClass">How many images each class needs, 1 or more.</param>
    /// <exception cref="TransferException">The set breaks the rule.</exception>
    public void RequireTrainable(int minimumImagesPerClass = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minimumImagesPerClass, 1);
        if (Classes.Count < 2)
            throw new TransferException(
                $"Expected 2 or more classes; received {Classes.Count} ({Quote(Classes)}) in {Source}. Put each class in a folder of its own.");
        var counts = new int[Classes.Count];
        foreach (var label in LabelIndices)
            counts[label]++;
        var scarce = Classes.Select((label, index) => (label, count: counts[index])).Where(c => c.count < minimumImagesPerClass).ToArray();
        if (scarce.Length > 0)
            throw new TransferException(
                $"Expected {minimumImagesPerClass} or more readable images of every class; received "
                + $"{string.Join(", ", scarce.Select(c => $"{c.count} of '{c.label}'"))} in {Source}. Add images, or remove the class.");
    }

    private static string Quote(IEnumerable<string> labels) => string.Join(", ", labels.Select(label => $"'{label}'"));
}
