using MLNetTransfer.Torch.Pretraining.Formulas;
using static TorchSharp.torch;

namespace MLNetTransfer.Benchmarks.Transferability;

/// <summary>Images of one task and what they become below a cut. Channels come last, which is the layout convolutions are fastest in.</summary>
/// <param name="Pixels">[N, side, side, 3], bfloat16, (x - .5) / .25.</param>
/// <param name="Labels">[N], from 0 to the number of the task's classes - 1.</param>
internal sealed record TaskImages(Tensor Pixels, Tensor Labels) : IDisposable
{
    /// <summary>How many images there are.</summary>
    public int Count => (int)Labels.shape[0];

    /// <summary>Renders the first images of a formula stream whose formula belongs to the task.</summary>
    public static TaskImages Render(IReadOnlyList<int> classes, int seed, string part, int count, int side)
    {
        var images = new FormulaImages(seed, part, side);
        var labelOf = classes.Select((formula, label) => (formula, label)).ToDictionary(pair => pair.formula, pair => (long)pair.label);
        var (indexes, labels) = (new long[count], new long[count]);
        for (var (found, index) = (0, 0L); found < count; index++)
        {
            if (!labelOf.TryGetValue(images.FormulaOf(index), out var label))
                continue;
            (indexes[found], labels[found]) = (index, label);
            found++;
        }

        var plane = side * side;
        var pixels = new float[count * 3 * plane];
        Parallel.For(0, count, () => new float[3 * plane], (i, _, planes) =>
        {
            images.Render(indexes[i], planes);
            for (var pixel = 0; pixel < plane; pixel++)
                for (var channel = 0; channel < 3; channel++)
                    pixels[(((i * plane) + pixel) * 3) + channel] = (planes[(channel * plane) + pixel] - 0.5f) / 0.25f;
            return planes;
        }, _ => { });
        using var scope = NewDisposeScope();
        var values = tensor(pixels, [count, side, side, 3]).to(ScalarType.BFloat16);
        return new TaskImages(values.MoveToOuterDisposeScope(), tensor(labels).MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
        Pixels.Dispose();
        Labels.Dispose();
    }
}
