namespace MLNetTransfer.Domains;

/// <summary>Where images come from: a name and the images. Labelled and unlabelled domains are different types, so that labels reach only what asks for them.</summary>
public abstract class ImageDomain
{
    private protected ImageDomain(string name, IReadOnlyList<string> paths)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (paths.Count == 0)
            throw new TransferException($"A domain has 1 or more images; received none for '{name}'. Check its folder.");
        (Name, Paths) = (name, paths);
    }

    /// <summary>What it is called in tables and messages.</summary>
    public string Name { get; }

    /// <summary>The image files, in ordinal order.</summary>
    public IReadOnlyList<string> Paths { get; }
}
