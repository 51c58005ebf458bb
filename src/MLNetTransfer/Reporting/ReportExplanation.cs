using MLNetTransfer.Explanation;

namespace MLNetTransfer.Reporting;

/// <summary>One image of a report and what its prediction rests on. Immutable.</summary>
public sealed class ReportExplanation
{
    private const int Side = 264;

    private readonly byte[] _jpeg;

    /// <summary>Draws the entry of an explanation.</summary>
    /// <param name="explanation">The explanation of the decided class.</param>
    /// <param name="actual">The class the image is of.</param>
    /// <exception cref="MLNetTransfer.Images.ImageException">The image is gone, or too large to show.</exception>
    public ReportExplanation(ImageExplanation explanation, string actual)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        ArgumentException.ThrowIfNullOrEmpty(actual);
        Image = new ReportImage(explanation.Path, actual, explanation.Prediction.Label, explanation.Prediction.Probability);
        Method = explanation.Method;
        _jpeg = explanation.Overlay(Side);
    }

    /// <summary>The image and its prediction.</summary>
    public ReportImage Image { get; }

    /// <summary>How it was explained.</summary>
    public ExplanationMethod Method { get; }

    /// <summary>The picture in grey with the map over it, as a JPEG.</summary>
    public ReadOnlySpan<byte> Jpeg => _jpeg;
}
