namespace MLNetTransfer.Torch.Adaptation;

/// <summary>What is the same for all methods of one comparison.</summary>
public sealed class AdaptationSettings
{
    /// <summary>Seed of everything random. Default: 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How features are brought to a common scale before the method sees them. Default: by the source's means and deviations.</summary>
    public FeatureScaling Scaling { get; init; } = FeatureScaling.Source;

    /// <summary>What is trained on the adapted source. Default: logistic regression, its strength chosen on the source.</summary>
    public ClassifierTrainer Classifier { get; init; } = new LogisticTrainer();
}
