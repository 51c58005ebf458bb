namespace MLNetTransfer.Torch.Adaptation;

/// <summary>Decides on adapted features. Immutable.</summary>
public abstract class TargetClassifier
{
    /// <summary>The probability of every class for every row: rows x classes, each row summing to 1.</summary>
    public abstract FeatureMatrix Probabilities(FeatureMatrix features);
}
