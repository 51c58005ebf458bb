using System.Numerics.Tensors;

namespace MLNetTransfer.Heads;

/// <summary>
/// sum(weight x log-loss) + L2 / 2 x |w|^2 and its gradient, biases not regularised: the objective of ML.NET's
/// LbfgsLogisticRegression (two classes) and LbfgsMaximumEntropy (more). Rows are dealt to chunks by their number alone and the sums of the
/// chunks are added in order, so that the result is the same bits on any number of threads.
/// </summary>
internal sealed class LogisticObjective
{
    /// <summary>Rows a chunk has at least: enough that handing it to a thread costs nothing beside it.</summary>
    private const int LeastRows = 2048;

    /// <summary>Chunks at most: each keeps a gradient of its own.</summary>
    private const int MostChunks = 32;

    /// <summary>Rows the kernels take at a time.</summary>
    private const int Together = 4;

    private readonly Design _design;
    private readonly int[] _labels;
    private readonly int[] _rows;
    private readonly double[] _classWeights;
    private readonly float _l2;
    private readonly int _outputs;
    private readonly ParallelOptions _parallel;
    private readonly LinearModel _model;
    private readonly Chunk[] _chunks;

    public LogisticObjective(
        Design design, int[] labels, int[] rows, double[] classWeights, float l2, int threads, CancellationToken cancellation)
    {
        (_design, _labels, _rows, _classWeights, _l2) = (design, labels, rows, classWeights, l2);
        _outputs = LinearModel.OutputsFor(classWeights.Length);
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        _model = new LinearModel(design.Features, _outputs);
        var count = Math.Clamp(rows.Length / LeastRows, 1, MostChunks);
        _chunks = [.. Enumerable.Range(0, count).Select(i => new Chunk(
            (int)((long)rows.Length * i / count), (int)((long)rows.Length * (i + 1) / count), _outputs, design.Columns, classWeights.Length))];
    }

    public int Parameters => _outputs * (_design.Columns + 1);

    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        var columns = _design.Columns;
        _model.Fold(_design, parameters);
        if (_chunks.Length == 1)
        {
            _parallel.CancellationToken.ThrowIfCancellationRequested();
            Sum(_chunks[0]);
        }
        else
        {
            Parallel.For(0, _chunks.Length, _parallel, i => Sum(_chunks[i]));
        }
        gradient.Clear();
        var loss = 0d;
        foreach (var chunk in _chunks)
        {
            loss += chunk.Loss;
            TensorPrimitives.Add<double>(gradient, chunk.Gradient, gradient);
        }
        for (var k = 0; k < _outputs; k++)
            _design.Unfold(gradient.Slice(k * columns, columns), gradient[_outputs * columns + k]);
        var weights = parameters[..(_outputs * columns)];
        var weightGradient = gradient[..weights.Length];
        TensorPrimitives.MultiplyAdd(weights, _l2, weightGradient, weightGradient);
        return loss + _l2 / 2 * TensorPrimitives.SumOfSquares(weights);
    }

    private void Sum(Chunk chunk)
    {
        var (features, columns) = (_design.Features, _design.Columns);
        Array.Clear(chunk.Gradient);
        var biasGradient = chunk.Gradient.AsSpan(_outputs * columns);
        var loss = 0d;
        Span<int> rows = stackalloc int[Together];
        Span<double> residuals = stackalloc double[Together];
        for (var first = chunk.Start; first < chunk.End; first += Together)
        {
            // The last rows of a chunk are made up to four by one that counts for nothing.
            for (var i = 0; i < Together; i++)
                rows[i] = _rows[Math.Min(first + i, chunk.End - 1)];
            _model.Scores(rows, chunk.Scores);
            for (var i = 0; i < Together; i++)
            {
                var scores = chunk.Scores.AsSpan(i * _outputs, _outputs);
                var weight = first + i < chunk.End ? _classWeights[_labels[rows[i]]] : 0;
                loss += weight * LinearModel.Loss(scores, _labels[rows[i]]);
                LinearModel.Probabilities(scores, chunk.Probabilities);
                for (var k = 0; k < _outputs; k++)
                {
                    var target = _outputs == 1 ? 1 : k;
                    scores[k] = weight * (chunk.Probabilities[target] - (_labels[rows[i]] == target ? 1 : 0));
                    biasGradient[k] += scores[k];
                }
            }
            for (var k = 0; k < _outputs; k++)
            {
                for (var i = 0; i < Together; i++)
                    residuals[i] = chunk.Scores[i * _outputs + k];
                var gradient = chunk.Gradient.AsSpan(k * columns, columns);
                foreach (var (start, length) in features.Ranges)
                {
                    WideningKernels.MultiplyAdd(
                        features.Piece(rows[0], start, length), features.Piece(rows[1], start, length),
                        features.Piece(rows[2], start, length), features.Piece(rows[3], start, length), residuals, gradient[..length]);
                    gradient = gradient[length..];
                }
            }
        }
        chunk.Loss = loss;
    }

    private sealed class Chunk(int start, int end, int outputs, int columns, int classes)
    {
        public int Start => start;

        public int End => end;

        /// <summary>By the folded weights, then by the biases.</summary>
        public double[] Gradient { get; } = new double[outputs * (columns + 1)];

        public double[] Scores { get; } = new double[Together * outputs];

        public double[] Probabilities { get; } = new double[classes];

        public double Loss { get; set; }
    }
}
