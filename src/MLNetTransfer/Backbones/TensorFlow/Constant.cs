namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>Numbers that are known without an image: weights, sizes, axes. Not to be changed.</summary>
internal sealed class Constant : Value
{
    /// <summary>Stands for the number of images among integers that came from a shape.</summary>
    public const long BatchSize = long.MinValue;

    private readonly float[]? _floats;
    private readonly long[]? _integers;

    public Constant(int[] shape, float[] values) => (Shape, _floats) = (shape, values);

    public Constant(int[] shape, long[] values) => (Shape, _integers) = (shape, values);

    /// <summary>The dimensions, in TensorFlow's order; none for a single number.</summary>
    public int[] Shape { get; }

    /// <summary>The number of numbers.</summary>
    public int Count => _floats?.Length ?? _integers!.Length;

    /// <summary>The 32-bit floats; null when it holds integers or truth values.</summary>
    public float[]? Floats => _floats;

    /// <summary>The integers, truth values as 0 and 1; null when it holds floats.</summary>
    public long[]? Integers => _integers;

    /// <summary>The same numbers in another shape of as many.</summary>
    public Constant As(int[] shape) => _floats is not null ? new(shape, _floats) : new(shape, _integers!);

    /// <summary>The shape as text, such as [3, 3, 16, 32].</summary>
    public static string Text(IEnumerable<int> shape) =>
        $"[{string.Join(", ", shape.Select(d => d == Activation.Batch ? "N" : d.ToString(System.Globalization.CultureInfo.InvariantCulture)))}]";
}
