using MLNetTransfer.Domains;
using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>The label of the nearest training row (Euclidean), with probability 1: the classifier of the published comparisons. Weights only leave rows of weight 0 out.</summary>
public sealed class NearestNeighbourTrainer : ClassifierTrainer
{
    /// <inheritdoc/>
    public override string Name => "1-nearest-neighbour";

    /// <inheritdoc/>
    public override TargetClassifier Train(LabeledFeatures training, double[]? weights, int seed, CancellationToken cancellation)
    {
        int[] rows = [.. Enumerable.Range(0, training.Features.Rows).Where(row => weights is null || weights[row] > 0)];
        return new Classifier(training.Select(rows));
    }

    private sealed class Classifier(LabeledFeatures training) : TargetClassifier
    {
        public override FeatureMatrix Probabilities(FeatureMatrix features)
        {
            var (neighbours, queries) = (Matrix.From(training.Features), Matrix.From(features));
            // |q - n|^2 = |q|^2 - 2 q n + |n|^2, and |q|^2 is the same for all neighbours.
            var products = queries.TimesTransposed(neighbours);
            double[] squares = [.. Enumerable.Range(0, neighbours.Rows).Select(row => System.Numerics.Tensors.TensorPrimitives.SumOfSquares<double>(neighbours.Row(row)))];
            var classes = training.Classes.Count;
            var probabilities = new float[queries.Rows * classes];
            for (var row = 0; row < queries.Rows; row++)
            {
                var (nearest, distance) = (0, double.PositiveInfinity);
                for (var i = 0; i < squares.Length; i++)
                    if (squares[i] - 2 * products[row, i] is var d && d < distance)
                        (nearest, distance) = (i, d);
                probabilities[row * classes + training.Labels[nearest]] = 1;
            }
            return new FeatureMatrix(queries.Rows, classes, probabilities);
        }
    }
}
