using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>One step's images of both domains behind the network: what a loss between the domains is made of. Its tensors belong to the step.</summary>
public sealed class DomainBatch
{
    private readonly DomainDiscriminator? _discriminator;
    private readonly long _sources;

    internal DomainBatch(Tensor features, Tensor scores, long sources, double progress, DomainDiscriminator? discriminator)
    {
        (Features, Scores, _sources, Progress, _discriminator) = (features, scores, sources, progress, discriminator);
        (SourceFeatures, TargetFeatures) = (features.narrow(0, 0, sources), features.narrow(0, sources, features.shape[0] - sources));
        (SourceScores, TargetScores) = (scores.narrow(0, 0, sources), scores.narrow(0, sources, scores.shape[0] - sources));
    }

    /// <summary>The features of all images, the source's first: [images, features].</summary>
    public Tensor Features { get; }

    /// <summary>The scores of all images before the softmax, the source's first: [images, classes].</summary>
    public Tensor Scores { get; }

    /// <summary>The features of the source's images.</summary>
    public Tensor SourceFeatures { get; }

    /// <summary>The features of the target's images.</summary>
    public Tensor TargetFeatures { get; }

    /// <summary>The scores of the source's images.</summary>
    public Tensor SourceScores { get; }

    /// <summary>The scores of the target's images.</summary>
    public Tensor TargetScores { get; }

    /// <summary>The share of the training that is done, from 0 up to 1.</summary>
    public double Progress { get; }

    /// <summary>
    /// The loss of a classifier of domains that learns to tell the rows apart, while what the rows come from learns the opposite: the gradient that leaves it is reversed and grows
    /// with <see cref="Progress"/> p as 2 / (1 + exp(-10 p)) - 1 (Ganin et al. 2016, equations 9 and 14).
    /// </summary>
    /// <param name="rows">One row an image, the source's first, as many columns as the method asked for.</param>
    /// <param name="weights">The weight of every image, [images]; null for 1.</param>
    /// <returns>The mean log-loss of the source's rows plus that of the target's.</returns>
    /// <exception cref="InvalidOperationException">The method asked for no discriminator.</exception>
    public Tensor AdversarialLoss(Tensor rows, Tensor? weights = null)
    {
        if (_discriminator is null)
            throw new InvalidOperationException("A method that trains a discriminator says how many values it reads (DiscriminatorInputs).");
        return DomainDiscriminator.Loss(_discriminator.Forward(DomainDiscriminator.Reversed(rows, DomainDiscriminator.Strength(Progress))), _sources, weights);
    }
}
