namespace MLNetTransfer.Backbones.Catalog;

/// <summary>Why one address did not give the file.</summary>
/// <param name="Mirror">The address.</param>
/// <param name="Reason">Why, as a sentence whose subject is the mirror and that has no full stop: "answered 404 Not Found".</param>
public sealed record MirrorFailure(Uri Mirror, string Reason);
