namespace MLNetTransfer.Surfaces;

/// <summary>One file of the embedded set.</summary>
/// <param name="Path">Where it lies below the set's folder, with '/' between the parts: DOMAIN[/PART]/CLASS/NUMBER.jpg.</param>
/// <param name="Domain">The domain it is rendered in.</param>
/// <param name="Cracked">Its class: cracked, or intact.</param>
public sealed record SurfaceImage(string Path, SurfaceDomain Domain, bool Cracked);
