namespace MLNetTransfer.Domains;

/// <summary>Where images come from: a name and the images. Labelled and unlabelled domains are different types, so that labels reach only what asks for them.</summary>
public abstract class ImageDomain
{
    private protected ImageDomain(string name, IReadOnlyList<string> paths)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (paths.Count == 0)
            throw new TransferException($"A domain has 1 or more images; received none for '{name}'. Check its folder.");
        for (var i = 1; i < paths.Count; i++)
            if (paths[i] == paths[i - 1])
                throw new TransferException($"Each image of a domain is listed once; received '{paths[i]}' twice in '{name}'. Remove one of the two.");
        (Name, Paths) = (name, Array.AsReadOnly(paths.ToArray()));
    }

    /// <summary>What it is called in tables and messages.</summary>
    public string Name { get; }

    /// <summary>The image files, in ordinal order.</summary>
    public IReadOnlyList<string> Paths { get; }
}
