namespace MLNetTransfer.Diagnosis;

/// <summary>What the files of a domain are like, over the images that were examined. Immutable.</summary>
public sealed class DomainTraits
{
    internal DomainTraits(IReadOnlyList<ImageTraits> images, int side)
    {
        Images = images.Count;
        Grey = images.Count(image => image.IsGrey);
        Small = images.Count(image => image.ShorterSide < side);
        Kinds = Count(images, image => image.Kind);
        Channels = Count(images, image => image.Channels);
        BitDepths = Count(images, image => image.BitDepth);
        Width = Median(images, image => image.Width);
        Height = Median(images, image => image.Height);
        Aspect = Median(images, image => (double)image.Width / image.Height);
    }

    /// <summary>The number of images examined.</summary>
    public int Images { get; }

    /// <summary>How many show no colour, however they are stored.</summary>
    public int Grey { get; }

    /// <summary>How many have a shorter side of fewer pixels than the network looks at, so that they are blown up.</summary>
    public int Small { get; }

    /// <summary>The median width in pixels.</summary>
    public double Width { get; }

    /// <summary>The median height in pixels.</summary>
    public double Height { get; }

    /// <summary>The median of width / height.</summary>
    public double Aspect { get; }

    /// <summary>How many images are of each kind of file, the most frequent first.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> Kinds { get; }

    /// <summary>How many images store 1, 2, 3 or 4 channels, the most frequent first.</summary>
    public IReadOnlyList<KeyValuePair<int, int>> Channels { get; }

    /// <summary>How many images have each number of bits a channel, the most frequent first.</summary>
    public IReadOnlyList<KeyValuePair<int, int>> BitDepths { get; }

    private static KeyValuePair<T, int>[] Count<T>(IReadOnlyList<ImageTraits> images, Func<ImageTraits, T> trait) where T : notnull =>
        [.. images.GroupBy(trait).Select(same => KeyValuePair.Create(same.Key, same.Count())).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key)];

    private static double Median(IReadOnlyList<ImageTraits> images, Func<ImageTraits, double> trait)
    {
        var sorted = images.Select(trait).Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
