using MLNetTransfer.Heads;
using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>Softmax of an affine map: what a model.zip can hold.</summary>
/// <param name="weights">Features x classes.</param>
/// <param name="biases">One value a class.</param>
public sealed class LinearClassifier(Matrix weights, double[] biases) : TargetClassifier
{
    /// <summary>Features x classes.</summary>
    public Matrix Weights { get; } = weights;

    /// <summary>One value a class.</summary>
    public IReadOnlyList<double> Biases => biases;

    /// <inheritdoc/>
    public override FeatureMatrix Probabilities(FeatureMatrix features)
    {
        var scores = Scores(features);
        for (var row = 0; row < scores.Rows; row++)
            LinearModel.SoftMax(scores.Row(row));
        return scores.ToFeatures();
    }

    /// <summary>The scores of every class for every row, before the softmax.</summary>
    internal Matrix Scores(FeatureMatrix features) => Matrix.From(features).Times(Weights).PlusRow(biases);
}
