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
    public IReadOnlyList<double> Biases { get; } = biases;

    /// <inheritdoc/>
    public override FeatureMatrix Probabilities(FeatureMatrix features)
    {
        var scores = Matrix.From(features).Times(Weights);
        for (var row = 0; row < scores.Rows; row++)
        {
            var values = scores.Row(row);
            for (var k = 0; k < values.Length; k++)
                values[k] += biases[k];
            LinearModel.SoftMax(values);
        }
        return scores.ToFeatures();
    }
}
