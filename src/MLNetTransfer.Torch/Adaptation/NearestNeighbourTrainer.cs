using System.Numerics.Tensors;
using MLNetTransfer.Domains;
using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>The label of the nearest training row, with probability 1: the classifier of the published comparisons. Weights only leave rows of weight 0 out.</summary>
public sealed class NearestNeighbourTrainer : ClassifierTrainer
{
    /// <summary>Whether the nearest row is the one with the largest cosine, instead of the smallest Euclidean distance. Default: false.</summary>
    public bool IsCosine { get; init; }

    /// <inheritdoc/>
    public override string Name => IsCosine ? "1-nearest-neighbour (cosine)" : "1-nearest-neighbour";

    /// <inheritdoc/>
    public override TargetClassifier Train(LabeledFeatures training, double[]? weights, int seed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(training);
        int[] rows = [.. Enumerable.Range(0, training.Features.Rows).Where(row => weights is null || weights[row] > 0)];
        return new Classifier(training.Select(rows), IsCosine);
    }

    private sealed class Classifier : TargetClassifier
    {
        private readonly Matrix _neighbours;
        private readonly double[] _halfSquares;
        private readonly IReadOnlyList<int> _labels;
        private readonly int _classes;

        public Classifier(LabeledFeatures training, bool isCosine)
        {
            _neighbours = Matrix.From(training.Features);
            (_labels, _classes) = (training.Labels, training.Classes.Count);
            _halfSquares = new double[_neighbours.Rows];
            for (var i = 0; i < _halfSquares.Length; i++)
            {
                var row = _neighbours.Row(i);
                if (isCosine && TensorPrimitives.Norm<double>(row) is > 0 and var length)
                    TensorPrimitives.Divide(row, length, row);
                _halfSquares[i] = isCosine ? 0 : TensorPrimitives.SumOfSquares<double>(row) / 2;
            }
        }

        // |q - n|^2 / 2 = |q|^2 / 2 - q n + |n|^2 / 2, and |q|^2 is the same for all neighbours.
        public override FeatureMatrix Probabilities(FeatureMatrix features)
        {
            var products = Matrix.From(features).TimesTransposed(_neighbours);
            var probabilities = new float[features.Rows * _classes];
            for (var row = 0; row < products.Rows; row++)
            {
                var closeness = products.Row(row);
                TensorPrimitives.Subtract(closeness, _halfSquares, closeness);
                var nearest = TensorPrimitives.IndexOfMax<double>(closeness);
                Array.Fill(probabilities, double.IsNaN(closeness[nearest]) ? float.NaN : 0, row * _classes, _classes);
                probabilities[(row * _classes) + _labels[nearest]] += 1;
            }
            return new FeatureMatrix(products.Rows, _classes, probabilities);
        }
    }
}
