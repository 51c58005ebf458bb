using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace MLNetTransfer.Heads;

/// <summary>
/// The fits of a cross-validation, made together: one to the rows outside each fold, and one to all rows, so that features are loaded once for all
/// of them. Only the loads are shared: nothing of its fold reaches a fit, not even a last bit by way of the others.
/// </summary>
internal sealed class FoldFits
{
    /// <summary>Rows of a chunk at most: sums in 32 bits are no longer than this.</summary>
    private const int MostRows = 2048;

    /// <summary>Rows from which on chunks are handed to threads.</summary>
    private const int ManyRows = 4096;

    /// <summary>Numbers that the scores of all directions may be: 64 MiB of them.</summary>
    private const long MostScores = 1 << 23;

    private readonly Design _design;
    private readonly int[][] _folds;
    private readonly int[] _rows;
    private readonly int _outputs;
    private readonly ParallelOptions _parallel;
    private readonly SubspaceFit[] _fits;
    private readonly Chunk[] _chunks;
    private readonly float[] _weights;
    private readonly double[] _offsets;

    /// <param name="design">The features.</param>
    /// <param name="labels">The class of every row of the design.</param>
    /// <param name="folds">Rows of the design that belong to each fold.</param>
    /// <param name="classWeights">What an image of each class counts.</param>
    /// <param name="threads">Threads, -1 for as many as there are; they never change the result.</param>
    /// <param name="cancellation">Stops the fits.</param>
    public FoldFits(Design design, int[] labels, int[][] folds, double[] classWeights, int threads, CancellationToken cancellation)
    {
        (_design, _folds, _rows) = (design, folds, [.. folds.SelectMany(rows => rows)]);
        _outputs = LinearModel.OutputsFor(classWeights.Length);
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = _rows.Length < ManyRows ? 1 : threads, CancellationToken = cancellation };
        _fits = [.. Enumerable.Range(0, folds.Length + 1).Select(fit => new SubspaceFit(
            design.Columns, [.. folds.Where((_, fold) => fold != fit).SelectMany(rows => rows.Select(row => labels[row]))], classWeights))];
        _weights = new float[_fits.Length * _outputs * design.Columns];
        _offsets = new double[_fits.Length * _outputs];
        var chunks = new List<Chunk>();
        var start = 0;
        for (var fold = 0; fold < folds.Length; fold++)
        {
            var count = (folds[fold].Length + MostRows - 1) / MostRows;
            for (var i = 0; i < count; i++)
                chunks.Add(new Chunk(fold, start + (int)((long)folds[fold].Length * i / count), start + (int)((long)folds[fold].Length * (i + 1) / count)));
            start += folds[fold].Length;
        }
        _chunks = [.. chunks];
    }

    /// <summary>Whether the directions of the fits, each with the scores it gives, would take more memory than they are worth.</summary>
    public static bool NeedTooMuch(int rows, int folds, int classes) =>
        (long)rows * folds * LinearModel.OutputsFor(classes) * SubspaceFit.DirectionsOf(LinearModel.OutputsFor(classes)) > MostScores;

    /// <summary>Moves all fits to their optimum, from that of the strength before.</summary>
    /// <param name="l2">The strength; strong ones first, as each optimum helps to find the next.</param>
    /// <param name="tolerance">The relative decrease of a step at which a fit is done.</param>
    public void MoveTo(float l2, double tolerance)
    {
        foreach (var fit in _fits)
            fit.Begin(l2, tolerance);
        while (true)
        {
            int[] active = [.. Enumerable.Range(0, _fits.Length).Where(fit => !_fits[fit].IsDone)];
            if (active.Length == 0)
                return;
            _parallel.CancellationToken.ThrowIfCancellationRequested();
            Gradients(active, l2);
            active = [.. active.Where(fit => _fits[fit].IsWorthAStep(l2, tolerance))];
            Products(active);
            foreach (var fit in active)
                _fits[fit].Step(l2, tolerance);
        }
    }

    /// <summary>The model learnt outside a fold, or, past the last fold, from all rows.</summary>
    public LinearModel ModelOf(int fit)
    {
        var model = new LinearModel(_design.Features, _outputs);
        model.Fold(_design, [.. _fits[fit].Weights, .. _fits[fit].Biases]);
        return model;
    }

    /// <summary>The negative gradient of every active fit, as its next direction.</summary>
    private void Gradients(int[] active, float l2)
    {
        var columns = _design.Columns;
        foreach (var fit in active)
            _fits[fit].Gradient.Weights.AsSpan().Clear();
        if (_parallel.MaxDegreeOfParallelism == 1)
        {
            var sums = new float[_weights.Length];
            foreach (var chunk in _chunks)
            {
                sums.AsSpan().Clear();
                Sum(chunk, active, sums);
                AddTo(active, sums);
            }
        }
        else
        {
            var sums = new float[_chunks.Length][];
            Parallel.For(0, _chunks.Length, _parallel, i => Sum(_chunks[i], active, sums[i] = new float[_weights.Length]));
            foreach (var part in sums)
                AddTo(active, part);
        }
        foreach (var fit in active)
        {
            var gradient = _fits[fit].Gradient.Weights;
            for (var k = 0; k < _outputs; k++)
                _design.Unfold(gradient.AsSpan(k * columns, columns), TensorPrimitives.Sum(_fits[fit].ResidualsOf(k)));
            TensorPrimitives.MultiplyAdd(_fits[fit].Weights, l2, gradient, gradient);
            TensorPrimitives.Negate(gradient, gradient);
        }
    }

    private void AddTo(int[] active, float[] sums)
    {
        var length = _outputs * _design.Columns;
        foreach (var fit in active)
        {
            var gradient = _fits[fit].Gradient.Weights;
            var part = sums.AsSpan(fit * length, length);
            for (var j = 0; j < part.Length; j++)
                gradient[j] += part[j];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sum(Chunk chunk, int[] active, float[] sums)
    {
        var (features, columns) = (_design.Features, _design.Columns);
        var targets = ColumnsOf(active, chunk);
        Span<float> factors = stackalloc float[BatchKernels.Rows * BatchKernels.Columns];
        for (var first = chunk.Start; first < chunk.End; first += BatchKernels.Rows)
        {
            var (r0, r1, r2, r3) = RowsFrom(first, chunk.End);
            for (var c = 0; c < targets.Length;)
            {
                var together = targets.Length - c >= BatchKernels.Columns ? BatchKernels.Columns : 1;
                factors.Clear();
                for (var k = 0; k < together; k++)
                {
                    var residuals = _fits[targets[c + k] / _outputs].ResidualsOf(targets[c + k] % _outputs);
                    var of = first - LeftOut(targets[c + k] / _outputs, chunk.Fold);
                    for (var i = 0; i < BatchKernels.Rows && first + i < chunk.End; i++)
                        factors[i * BatchKernels.Columns + k] = (float)residuals[of + i];
                }
                var at = 0;
                foreach (var (start, length) in features.Ranges)
                {
                    ReadOnlySpan<float> x0 = features.Piece(r0, start, length), x1 = features.Piece(r1, start, length);
                    ReadOnlySpan<float> x2 = features.Piece(r2, start, length), x3 = features.Piece(r3, start, length);
                    if (together == 1)
                        BatchKernels.MultiplyAdd(x0, x1, x2, x3, factors, sums.AsSpan(targets[c] * columns + at, length));
                    else
                        BatchKernels.MultiplyAdd(x0, x1, x2, x3, factors, sums.AsSpan(targets[c] * columns + at, length),
                            sums.AsSpan(targets[c + 1] * columns + at, length), sums.AsSpan(targets[c + 2] * columns + at, length));
                    at += length;
                }
                c += together;
            }
        }
    }

    /// <summary>The scores that the directions of the active fits give to their rows.</summary>
    private void Products(int[] active)
    {
        var columns = _design.Columns;
        var folded = new double[columns];
        foreach (var fit in active)
            for (var k = 0; k < _outputs; k++)
            {
                var column = fit * _outputs + k;
                _offsets[column] = _design.Fold(_fits[fit].Gradient.Weights.AsSpan(k * columns, columns), 0, folded);
                TensorPrimitives.ConvertTruncating<double, float>(folded, _weights.AsSpan(column * columns, columns));
            }
        Parallel.For(0, _chunks.Length, _parallel, i => Multiply(_chunks[i], active));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(Chunk chunk, int[] active)
    {
        var (features, columns) = (_design.Features, _design.Columns);
        var targets = ColumnsOf(active, chunk);
        Span<float> sums = stackalloc float[BatchKernels.Rows * BatchKernels.Columns];
        for (var first = chunk.Start; first < chunk.End; first += BatchKernels.Rows)
        {
            var (r0, r1, r2, r3) = RowsFrom(first, chunk.End);
            for (var c = 0; c < targets.Length;)
            {
                var together = Math.Min(BatchKernels.Columns, targets.Length - c);
                sums.Clear();
                var at = 0;
                foreach (var (start, length) in features.Ranges)
                {
                    ReadOnlySpan<float> x0 = features.Piece(r0, start, length), x1 = features.Piece(r1, start, length);
                    ReadOnlySpan<float> x2 = features.Piece(r2, start, length), x3 = features.Piece(r3, start, length);
                    // Two columns go as fast as three, one of them twice.
                    if (together == 1)
                        BatchKernels.Dot(x0, x1, x2, x3, _weights.AsSpan(targets[c] * columns + at, length), sums);
                    else
                        BatchKernels.Dot(x0, x1, x2, x3, _weights.AsSpan(targets[c] * columns + at, length),
                            _weights.AsSpan(targets[c + 1] * columns + at, length), _weights.AsSpan(targets[c + together - 1] * columns + at, length), sums);
                    at += length;
                }
                for (var k = 0; k < together; k++)
                {
                    var scores = _fits[targets[c + k] / _outputs].DirectionScoresOf(targets[c + k] % _outputs);
                    var of = first - LeftOut(targets[c + k] / _outputs, chunk.Fold);
                    for (var i = 0; i < BatchKernels.Rows && first + i < chunk.End; i++)
                        scores[of + i] = sums[i * BatchKernels.Columns + k] + _offsets[targets[c + k]];
                }
                c += together;
            }
        }
    }

    /// <summary>The columns of the active fits that have a chunk.</summary>
    private int[] ColumnsOf(int[] active, Chunk chunk) =>
        [.. active.Where(fit => fit != chunk.Fold).SelectMany(fit => Enumerable.Range(fit * _outputs, _outputs))];

    /// <summary>Four rows of features; the last of a chunk are made up to four by one that counts for nothing.</summary>
    private (int, int, int, int) RowsFrom(int first, int end) =>
        (_rows[first], _rows[Math.Min(first + 1, end - 1)], _rows[Math.Min(first + 2, end - 1)], _rows[Math.Min(first + 3, end - 1)]);

    /// <summary>The rows before a fold that a fit does not have.</summary>
    private int LeftOut(int fit, int fold) => fit < fold ? _folds[fit].Length : 0;

    private sealed record Chunk(int Fold, int Start, int End);
}
