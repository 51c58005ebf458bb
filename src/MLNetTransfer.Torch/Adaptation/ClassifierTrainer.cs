using MLNetTransfer.Domains;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>Trains the classifier on top of adapted features.</summary>
public abstract class ClassifierTrainer
{
    /// <summary>What it is called in tables.</summary>
    public abstract string Name { get; }

    /// <summary>Trains.</summary>
    /// <param name="training">Labelled rows.</param>
    /// <param name="weights">The weight of every row; null for equal ones.</param>
    /// <param name="seed">Seed of what is random in it.</param>
    /// <param name="cancellation">Stops the training.</param>
    public abstract TargetClassifier Train(LabeledFeatures training, double[]? weights, int seed, CancellationToken cancellation);
}
