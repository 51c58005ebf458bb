using System.Globalization;

namespace MLNetTransfer.Backbones;

/// <summary>Tells when the features of a network look as if its images were prepared otherwise than it was trained with.</summary>
public static class FeatureWarnings
{
    /// <summary>The share of features, or of values, from which on something is said.</summary>
    private const double Most = 0.9;

    /// <summary>Averages of activations are of the order of 1; a network fed with numbers a hundred times too large exceeds this.</summary>
    private const float LargestMagnitude = 10_000;

    /// <summary>With fewer images, features that are alike prove nothing.</summary>
    private const int FewestImages = 5;

    private const string Check = "Check the preprocessing of the backbone: order, mean and std.";

    /// <summary>What is odd about features, one sentence each with the next step; empty when nothing is.</summary>
    /// <param name="features">The features of different images, of one cut.</param>
    public static IReadOnlyList<string> Of(FeatureMatrix features)
    {
        ArgumentNullException.ThrowIfNull(features);
        var warnings = new List<string>();
        if (features.Rows < FewestImages)
            return warnings;
        var (low, high) = (features.Row(0).ToArray(), features.Row(0).ToArray());
        var (least, most) = (float.PositiveInfinity, float.NegativeInfinity);
        for (var row = 0; row < features.Rows; row++)
            for (var column = 0; column < features.Columns; column++)
            {
                var value = features.Row(row)[column];
                low[column] = Math.Min(low[column], value);
                high[column] = Math.Max(high[column], value);
                least = Math.Min(least, value);
                most = Math.Max(most, value);
            }

        var constant = low.Zip(high).Count(range => range.First == range.Second);
        if (constant == features.Columns)
            warnings.Add(Say($"All {features.Rows} images have the same {features.Columns} features: the network does not see them. {Check}"));
        else if (constant > Most * features.Columns)
            warnings.Add(Say($"{constant} of {features.Columns} features are the same for all {features.Rows} images: most of the network is silent. {Check}"));
        else if (AtTheEnds(features, least, most) > Most)
            warnings.Add(Say($"More than {Most:0 %} of all features are {least} or {most} exactly: the network is saturated. {Check}"));
        if (Math.Max(-least, most) > LargestMagnitude)
            warnings.Add(Say($"Features reach {Math.Max(-least, most):0}, where a trained network stays within {LargestMagnitude:0}. {Check}"));
        return warnings;
    }

    private static double AtTheEnds(FeatureMatrix features, float least, float most)
    {
        var count = 0L;
        for (var row = 0; row < features.Rows; row++)
            foreach (var value in features.Row(row))
                if (value == least || value == most)
                    count++;
        return count / ((double)features.Rows * features.Columns);
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
