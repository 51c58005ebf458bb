namespace MLNetTransfer.Torch.Adaptation;

/// <summary>A method that changes what a classifier is trained on (which rows, how weighted, in which feature space) and leaves the training to it.</summary>
public abstract class FeatureAdaptation : AdaptationMethod
{
    /// <summary>Adapts the features.</summary>
    protected abstract AdaptedFeatures AdaptFeatures(AdaptationProblem problem, AdaptationSettings settings, CancellationToken cancellation);

    /// <inheritdoc/>
    protected sealed override AdaptedModel AdaptCore(AdaptationProblem problem, AdaptationSettings settings, CancellationToken cancellation)
    {
        var adapted = AdaptFeatures(problem, settings, cancellation);
        return new AdaptedModel(adapted.TargetMap, settings.Classifier.Train(adapted.Training, adapted.Weights, settings.Seed, cancellation));
    }
}
