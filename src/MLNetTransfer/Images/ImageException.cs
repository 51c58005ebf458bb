namespace MLNetTransfer.Images;

/// <summary>One image cannot be read. Its message is the path and the reason; runs over many images list it and go on.</summary>
public sealed class ImageException : TransferException
{
    /// <summary>Creates the error of one image.</summary>
    /// <param name="path">The path or name as it was given.</param>
    /// <param name="reason">Why, as a sentence whose subject is the image and that has no full stop: "is empty".</param>
    /// <param name="innerException">The failure underneath, if there is one.</param>
    public ImageException(string path, string reason, Exception? innerException = null)
        : base($"'{path}' {reason}.", innerException!)
    {
        Path = path;
        Reason = reason;
    }

    /// <summary>The path or name as it was given.</summary>
    public string Path { get; }

    /// <summary>Why it cannot be read, as a sentence whose subject is the image: "is empty", "is truncated".</summary>
    public string Reason { get; }

    /// <summary>The entry of this image in a list of skipped images.</summary>
    public SkippedImage ToSkippedImage() => new(Path, Reason);
}
