using MLNetTransfer.Surfaces.Domains;

namespace MLNetTransfer.Surfaces;

/// <summary>The catalogue of domains. A new one is a file under Domains and a line here.</summary>
public static class SurfaceDomains
{
    /// <summary>Grey concrete in diffuse daylight, a clean camera.</summary>
    public static SurfaceDomain Concrete { get; } = ConcreteDomain.Create();

    /// <summary>Dark asphalt with coarse stones in low sun, a blurred and noisier camera.</summary>
    public static SurfaceDomain Asphalt { get; } = AsphaltDomain.Create();

    /// <summary>Light painted plaster in warm lamp light, from farther away.</summary>
    public static SurfaceDomain Plaster { get; } = PlasterDomain.Create();

    /// <summary>All domains, in ordinal order of their names.</summary>
    public static IReadOnlyList<SurfaceDomain> All { get; } = [Asphalt, Concrete, Plaster];
}
