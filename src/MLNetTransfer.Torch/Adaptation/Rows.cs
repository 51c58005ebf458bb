using MLNetTransfer.Domains;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>Rows of two domains one under the other.</summary>
internal static class Rows
{
    public static FeatureMatrix Joined(FeatureMatrix first, FeatureMatrix second)
    {
        var values = FeatureMatrix.Allocate(first.Rows + second.Rows, first.Columns);
        for (var row = 0; row < first.Rows + second.Rows; row++)
            (row < first.Rows ? first.Row(row) : second.Row(row - first.Rows)).CopyTo(values.AsSpan(row * first.Columns));
        return new FeatureMatrix(first.Rows + second.Rows, first.Columns, values);
    }

    public static LabeledFeatures Joined(LabeledFeatures first, LabeledFeatures second) =>
        new(Joined(first.Features, second.Features), [.. first.Labels, .. second.Labels], first.Classes);
}
