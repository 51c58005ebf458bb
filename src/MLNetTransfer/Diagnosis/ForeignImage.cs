namespace MLNetTransfer.Diagnosis;

/// <summary>An image of the target by how little it looks like the source.</summary>
/// <param name="Path">The file.</param>
/// <param name="Score">What a classifier of the domains that did not see the image gives it: about -1 for the source, about 1 for the target.</param>
public sealed record ForeignImage(string Path, double Score);
