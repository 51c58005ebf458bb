namespace MLNetTransfer.Torch.Experiments;

/// <summary>A domain of an experiment.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Path">A folder with one sub-folder per class, or a manifest. As a target its images are adapted to, without their labels.</param>
public sealed record ExperimentDomain(string Name, string Path)
{
    /// <summary>Held-out images of the domain, which measure and are not adapted to; null: those of <see cref="Path"/> are both adapted to and measured on (transductive).</summary>
    public string? Test { get; init; }

    /// <summary>A manifest with other labels for the same images, a question of its own; images it does not list are left out. Null for the labels of the folders.</summary>
    public string? Labels { get; init; }

    /// <summary>Whether colour is taken from the images before a network sees them.</summary>
    public bool Grey { get; init; }

    /// <summary>The longest side in pixels that images are shrunk to before a network sees them, 1 to 4096; null for as they are.</summary>
    public int? Side { get; init; }
}
