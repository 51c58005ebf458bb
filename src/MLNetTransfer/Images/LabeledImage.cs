namespace MLNetTransfer.Images;

/// <summary>An image file and the class it shows.</summary>
/// <param name="Path">Where the file is, built on the path of the folder or manifest as it was given.</param>
/// <param name="Label">The name of the class.</param>
public sealed record LabeledImage(string Path, string Label);
