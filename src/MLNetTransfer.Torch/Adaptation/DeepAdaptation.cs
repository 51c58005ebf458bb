using MLNetTransfer.Torch.FineTuning;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>
/// A method that trains a network with a loss between the domains: the cross-entropy of the source's labels plus <see cref="TradeOff"/> times <see cref="Loss"/>, on batches of source
/// and target. On features the network is one hidden layer of rectified units and a linear classifier; the classifier of the settings is not used. To add one: a sealed class in one
/// file that gives only its loss.
/// </summary>
public abstract class DeepAdaptation : AdaptationMethod
{
    /// <summary>What the trade-off is multiplied by to give the other candidates.</summary>
    private static readonly double[] Grid = [.3, 3];

    private double _tradeOff;

    /// <summary>Sets the default of the trade-off.</summary>
    protected DeepAdaptation(double tradeOff) => _tradeOff = tradeOff;

    /// <summary>The weight of the loss between the domains, 0 or more; 0 leaves it out.</summary>
    public double TradeOff
    {
        get => _tradeOff;
        init => _tradeOff = value;
    }

    /// <summary>The number of rectified units of the hidden layer, 1 or more. Default: 256.</summary>
    public int Units { get; init; } = 256;

    /// <summary>The number of steps of training, 1 or more. Default: 300.</summary>
    public int Steps { get; init; } = 300;

    /// <summary>The images of each domain in one step, 2 or more; all of a domain that has fewer. Default: 64.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>
    /// The peak learning rate of AdamW, reached after a tenth of the steps and lowered to 0 by a cosine; above 0. Relative, as in fine-tuning: the share of its size that a step moves a
    /// weight by at most, more or less, three times that in the output layer and a third in a discriminator. Default: .03.
    /// </summary>
    public double LearningRate { get; init; } = .03;

    /// <inheritdoc/>
    public sealed override IReadOnlyList<AdaptationMethod> Candidates => [this, .. TradeOff > 0 ? Grid.Select(factor => WithTradeOff(factor * TradeOff)) : []];

    /// <inheritdoc/>
    protected override IEnumerable<string> Faults =>
        [.. OutOfRange(TradeOff, 0), .. OutOfRange(Units, 1), .. OutOfRange(Steps, 1), .. OutOfRange(BatchSize, 2), .. OutOfRange(LearningRate, 0, isOpen: true)];

    /// <summary>The loss between the domains, a tensor of one value that has a gradient by features or scores.</summary>
    protected internal abstract Tensor Loss(DomainBatch batch);

    /// <summary>How many values a discriminator of domains reads of an image; null (default) where the loss needs none.</summary>
    /// <param name="features">The number of features of the hidden layer.</param>
    /// <param name="classes">The number of classes.</param>
    protected internal virtual int? DiscriminatorInputs(int features, int classes) => null;

    /// <inheritdoc/>
    protected sealed override AdaptedModel AdaptCore(AdaptationProblem problem, AdaptationSettings settings, CancellationToken cancellation)
    {
        using var training = DomainTraining.OnFeatures(problem, this, settings.Seed);
        training.Run(cancellation);
        return training.ModelOfFeatures();
    }

    internal sealed override bool AdaptsLayers => true;

    internal sealed override AdaptedNetwork AdaptLayers(AdaptableLayers layers, DomainImages images, AdaptedModel onFeatures, AdaptationSettings settings, CancellationToken cancellation)
    {
        var start = FoldedHead.Network(layers.Network, onFeatures.Map);
        var split = layers.Split(start);
        using var source = layers.Activations(split, images.SourcePaths, "computing frozen layers of the source", settings.Seed, cancellation);
        using var target = layers.Activations(split, images.TargetPaths, "computing frozen layers of the target", settings.Seed, cancellation);
        using var training = DomainTraining.OnGraph(split, source, target, (LinearClassifier)onFeatures.Classifier, images.Problem.Source.Labels, this, settings.Seed);
        training.Run(cancellation, (done, total) => layers.Report("adapting layers", done, total));
        return new AdaptedNetwork(FineTuner.TunedCut(start, training.ToOnnx(), Units), new AdaptedModel(FeatureMap.Identity(Units), training.Classifier()));
    }

    private DeepAdaptation WithTradeOff(double tradeOff)
    {
        var copy = (DeepAdaptation)MemberwiseClone();
        copy._tradeOff = tradeOff;
        return copy;
    }
}
