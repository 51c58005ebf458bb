using MLNetTransfer.Evaluation;
using MLNetTransfer.Images;

namespace MLNetTransfer.Transfer;

/// <summary>Images with known classes, what a model predicted for each, and the figures that follow. Immutable.</summary>
public sealed class EvaluatedImages
{
    internal EvaluatedImages(ImageSet images, FeatureMatrix probabilities, EvaluationResult result, IReadOnlyList<SkippedImage> skipped) =>
        (Images, Probabilities, Result, Skipped) = (images, probabilities, result, skipped);

    /// <summary>The images that could be read, and their actual classes.</summary>
    public ImageSet Images { get; }

    /// <summary>One row an image, one column a class: predicted probabilities from 0 to 1.</summary>
    public FeatureMatrix Probabilities { get; }

    /// <summary>The figures.</summary>
    public EvaluationResult Result { get; }

    /// <summary>The images that could not be read; they count for nothing in the figures.</summary>
    public IReadOnlyList<SkippedImage> Skipped { get; }
}
