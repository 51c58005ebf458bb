namespace MLNetTransfer.Torch.Adaptation;

/// <summary>A classifier for the target: a map of features, then a classifier. Immutable.</summary>
/// <param name="map">From the backbone's features to those the classifier reads.</param>
/// <param name="classifier">What decides.</param>
public sealed class AdaptedModel(FeatureMap map, TargetClassifier classifier)
{
    /// <summary>From the backbone's features to those the classifier reads.</summary>
    public FeatureMap Map { get; } = map ?? throw new ArgumentNullException(nameof(map));

    /// <summary>What decides.</summary>
    public TargetClassifier Classifier { get; } = classifier ?? throw new ArgumentNullException(nameof(classifier));

    /// <summary>The probability of every class for every row of target features: rows x classes.</summary>
    public FeatureMatrix Probabilities(FeatureMatrix features) => Classifier.Probabilities(Map.Apply(features));

    /// <summary>The most probable class of every row of target features.</summary>
    public int[] Labels(FeatureMatrix features) => Classifier.Labels(Map.Apply(features));

    internal void RequireFinite(string method, FeatureMatrix target)
    {
        var probabilities = Probabilities(target);
        for (var row = 0; row < probabilities.Rows; row++)
            foreach (var value in probabilities.Row(row))
                if (!float.IsFinite(value))
                    throw new TransferException(FormattableString.Invariant($"Probabilities are finite numbers; '{method}' gave {value} for row {row} of the target. ")
                        + "Its equations have no stable solution on these features: regularise it, or choose another method.");
    }
}
