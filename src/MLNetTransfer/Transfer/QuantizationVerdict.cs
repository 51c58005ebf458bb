using MLNetTransfer.Backbones.Quantization;
using MLNetTransfer.Evaluation;

namespace MLNetTransfer.Transfer;

/// <summary>What a quantised backbone costs and brings, measured on images of the target.</summary>
public sealed class QuantizationVerdict
{
    /// <summary>The most accuracy a quantised backbone may cost: half a point.</summary>
    public const double MostLoss = 0.005;

    /// <summary>The least <see cref="QuantizedBackbone.SignalToNoise"/> of one whose accuracy cannot be measured.</summary>
    public const double LeastSignalToNoise = 20;

    private const double Rounding = 1e-9;

    internal QuantizationVerdict(QuantizedBackbone quantized, string cut) => (Quantized, Cut) = (quantized, cut);

    /// <summary>The quantised backbone.</summary>
    public QuantizedBackbone Quantized { get; }

    /// <summary>The cut of the original it ends at.</summary>
    public string Cut { get; }

    /// <summary>The number of images it was measured on.</summary>
    public required int Images { get; init; }

    /// <summary>The images that could not be read.</summary>
    public required IReadOnlyList<SkippedImage> Skipped { get; init; }

    /// <summary>The nested cross-validated accuracy of a head on the original's features, 0 to 1; null without two classes.</summary>
    public double? FloatAccuracy { get; init; }

    /// <summary>The same on the quantised features, in the same folds.</summary>
    public double? QuantizedAccuracy { get; init; }

    /// <summary>The quantised accuracy minus the float one, image by image; null without two classes.</summary>
    public PairedDifference? Difference { get; init; }

    /// <summary>The cosine similarity of both features of an image: the least of all images.</summary>
    public required double LeastSimilarity { get; init; }

    /// <summary>The cosine similarity of both features of an image: the median.</summary>
    public required double MedianSimilarity { get; init; }

    /// <summary>Images a second of the original without decoding, a value a round.</summary>
    public required IReadOnlyList<double> FloatSpeeds { get; init; }

    /// <summary>Images a second of the quantised network, right after the original in the same round.</summary>
    public required IReadOnlyList<double> QuantizedSpeeds { get; init; }

    /// <summary>The median of <see cref="FloatSpeeds"/>.</summary>
    public double FloatSpeed => Median([.. FloatSpeeds]);

    /// <summary>The median of <see cref="QuantizedSpeeds"/>.</summary>
    public double QuantizedSpeed => Median([.. QuantizedSpeeds]);

    /// <summary>How many times as fast the quantised network is: the median over the rounds.</summary>
    public double SpeedRatio => Median([.. FloatSpeeds.Zip(QuantizedSpeeds, (original, quantised) => quantised / original)]);

    /// <summary>
    /// Whether it may be offered: it costs no more than <see cref="MostLoss"/>, or, where that cannot be measured, keeps the features to
    /// <see cref="LeastSignalToNoise"/>.
    /// </summary>
    public bool IsAcceptable =>
        Difference is { } difference ? difference.Value >= -MostLoss - Rounding : Quantized.SignalToNoise >= LeastSignalToNoise;

    /// <summary>The middle value, or the mean of the two in the middle.</summary>
    internal static double Median(double[] values)
    {
        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
