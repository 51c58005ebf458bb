using System.Numerics.Tensors;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>Decides on adapted features. Immutable.</summary>
public abstract class TargetClassifier
{
    /// <summary>The probability of every class for every row: rows x classes, each row summing to 1.</summary>
    public abstract FeatureMatrix Probabilities(FeatureMatrix features);

    /// <summary>The most probable class of every row, the first of equals.</summary>
    public int[] Labels(FeatureMatrix features)
    {
        var probabilities = Probabilities(features);
        return [.. Enumerable.Range(0, probabilities.Rows).Select(row => TensorPrimitives.IndexOfMax(probabilities.Row(row)))];
    }
}
