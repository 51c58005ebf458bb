using System.Diagnostics.CodeAnalysis;

namespace MLNetTransfer.Transfer;

/// <summary>The outcome for one of many images: a prediction, or the reason why there is none.</summary>
public sealed class ImageOutcome
{
    internal ImageOutcome(string path, ImagePrediction? prediction, string? error) => (Path, Prediction, Error) = (path, prediction, error);

    /// <summary>The path as it was given.</summary>
    public string Path { get; }

    /// <summary>The prediction; null when the image could not be read.</summary>
    public ImagePrediction? Prediction { get; }

    /// <summary>Why the image could not be read; null when it could.</summary>
    public string? Error { get; }

    /// <summary>Whether there is a prediction; else there is an error.</summary>
    [MemberNotNullWhen(true, nameof(Prediction))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsPredicted => Prediction is not null;
}
