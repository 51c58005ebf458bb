using System.Numerics.Tensors;

namespace MLNetTransfer.Torch.FineTuning;

/// <summary>
/// AdamW and SGD with Nesterov momentum over all weights as one vector. Plain arithmetic in a fixed order: the same bits whatever the number of threads,
/// and its state is two arrays that a checkpoint can hold.
/// </summary>
internal sealed class GradientStep
{
    private const float FirstMoment = 0.9f, SecondMoment = 0.999f, Epsilon = 1e-8f;

    /// <summary>The size of weights that are 0 at the start.</summary>
    private const float Smallest = 1e-2f;

    private readonly FineTuningOptions _options;
    private readonly IReadOnlyList<WeightRange> _ranges;
    private readonly float[] _pretrained;
    private readonly float[] _scratch;
    private readonly float[][] _sizes;

    public GradientStep(FineTuningOptions options, IReadOnlyList<WeightRange> ranges, float[] start)
    {
        (_options, _ranges, _pretrained) = (options, ranges, [.. start]);
        Momentum = new float[start.Length];
        Squares = new float[options.Optimizer == FineTuningOptimizer.AdamW ? start.Length : 0];
        _scratch = new float[ranges.Max(range => range.Length)];
        _sizes = [.. ranges.Select(range => SizesOf(start, range))];
    }

    /// <summary>The mean of past gradients.</summary>
    public float[] Momentum { get; }

    /// <summary>The mean of their squares; empty for SGD.</summary>
    public float[] Squares { get; }

    /// <summary>Moves the weights; uses the gradient up.</summary>
    /// <param name="weights">All weights.</param>
    /// <param name="gradient">Their gradient.</param>
    /// <param name="rate">The learning rate of this step.</param>
    /// <param name="step">How many steps were made before.</param>
    public void Apply(float[] weights, float[] gradient, double rate, long step)
    {
        for (var i = 0; i < _ranges.Count; i++)
        {
            var range = _ranges[i];
            if (range.Rate == 0)
                continue;
            Span<float> w = weights.AsSpan(range.Start, range.Length), g = gradient.AsSpan(range.Start, range.Length);
            var decay = range.Decays && !(range.IsPretrained && _options.PretrainedDecay > 0) ? (float)_options.WeightDecay : 0;
            var homing = range.IsPretrained ? (float)_options.PretrainedDecay : 0;
            if (_options.Optimizer == FineTuningOptimizer.AdamW)
                Adam(range, w, g, (float)(rate * range.Rate), _sizes[i], decay, homing, step + 1);
            else
                Sgd(range, w, g, (float)(rate * range.Rate), _sizes[i], decay, homing);
        }
    }

    private void Adam(WeightRange range, Span<float> w, Span<float> g, float rate, float[] sizes, float decay, float homing, long step)
    {
        Span<float> m = Momentum.AsSpan(range.Start, range.Length), v = Squares.AsSpan(range.Start, range.Length), scratch = _scratch.AsSpan(0, range.Length);
        Shrink(range, w, scratch, rate * decay, rate * homing);
        TensorPrimitives.Multiply(m, FirstMoment, m);
        TensorPrimitives.MultiplyAdd(g, 1 - FirstMoment, m, m);
        TensorPrimitives.Multiply(g, g, g);
        TensorPrimitives.Multiply(v, SecondMoment, v);
        TensorPrimitives.MultiplyAdd(g, 1 - SecondMoment, v, v);
        // Both means start at 0 and are corrected for it.
        var (first, second) = ((float)(1 - Math.Pow(FirstMoment, step)), (float)(1 - Math.Pow(SecondMoment, step)));
        TensorPrimitives.Divide(v, second, scratch);
        TensorPrimitives.Sqrt(scratch, scratch);
        TensorPrimitives.Add(scratch, Epsilon, scratch);
        TensorPrimitives.Divide(m, scratch, scratch);
        var channel = range.Length / sizes.Length;
        for (var c = 0; c < sizes.Length; c++)
            TensorPrimitives.MultiplyAdd(scratch.Slice(c * channel, channel), -rate / first * sizes[c], w.Slice(c * channel, channel), w.Slice(c * channel, channel));
    }

    private void Sgd(WeightRange range, Span<float> w, Span<float> g, float rate, float[] sizes, float decay, float homing)
    {
        Span<float> m = Momentum.AsSpan(range.Start, range.Length), scratch = _scratch.AsSpan(0, range.Length);
        Shrink(range, w, scratch, rate * decay, rate * homing);
        var momentum = (float)_options.Momentum;
        TensorPrimitives.MultiplyAdd(m, momentum, g, m);
        TensorPrimitives.MultiplyAdd(m, momentum, g, g);
        var channel = range.Length / sizes.Length;
        for (var c = 0; c < sizes.Length; c++)
            TensorPrimitives.MultiplyAdd(g.Slice(c * channel, channel), -rate * sizes[c] * sizes[c], w.Slice(c * channel, channel), w.Slice(c * channel, channel));
    }

    /// <summary>The root mean square of every channel at the start. Channels of next to nothing count as a tenth of their tensor, so that they can come alive.</summary>
    private static float[] SizesOf(float[] start, WeightRange range)
    {
        var values = start.AsSpan(range.Start, range.Length);
        var (channel, whole) = (range.Length / range.Channels, Size(values));
        var sizes = new float[range.Channels];
        for (var c = 0; c < sizes.Length; c++)
            sizes[c] = Math.Max(Size(values.Slice(c * channel, channel)), Math.Max(whole / 10, Smallest));
        return sizes;

        static float Size(ReadOnlySpan<float> some) => TensorPrimitives.Norm(some) / MathF.Sqrt(some.Length);
    }

    /// <summary>Moves the weights a share of the way to 0, or to where they came from.</summary>
    private void Shrink(WeightRange range, Span<float> w, Span<float> scratch, float decay, float homing)
    {
        if (decay > 0)
            TensorPrimitives.Multiply(w, 1 - decay, w);
        if (homing == 0)
            return;
        TensorPrimitives.Subtract(_pretrained.AsSpan(range.Start, range.Length), w, scratch);
        TensorPrimitives.MultiplyAdd(scratch, homing, w, w);
    }
}
