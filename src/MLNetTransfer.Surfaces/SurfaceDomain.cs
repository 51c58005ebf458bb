using MLNetTransfer.Surfaces.Rendering;

namespace MLNetTransfer.Surfaces;

/// <summary>One place where surface photos come from: a material, its light, its way to crack, what else is on it, and a camera.</summary>
public sealed record SurfaceDomain
{
    internal SurfaceDomain(string name, string description, Recipe recipe)
    {
        Name = name;
        Description = description;
        Recipe = recipe;
    }

    /// <summary>Short name, also the folder's name.</summary>
    public string Name { get; }

    /// <summary>What the photos show, in one sentence.</summary>
    public string Description { get; }

    internal Recipe Recipe { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
