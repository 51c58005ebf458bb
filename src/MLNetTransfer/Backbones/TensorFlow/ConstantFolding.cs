namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>Computes what is known without an image: normalisations spelled out, sizes made of shapes.</summary>
internal static class ConstantFolding
{
    private static readonly Dictionary<string, Func<Step, Constant>> Operators = new(StringComparer.Ordinal)
    {
        ["Add"] = Binary((a, b) => a + b, (a, b) => a + b),
        ["AddV2"] = Binary((a, b) => a + b, (a, b) => a + b),
        ["Sub"] = Binary((a, b) => a - b, (a, b) => a - b),
        ["Mul"] = Binary((a, b) => a * b, (a, b) => a * b),
        ["Div"] = Binary((a, b) => a / b, Quotient),
        ["RealDiv"] = Binary((a, b) => a / b, Quotient),
        ["FloorDiv"] = Binary((a, b) => MathF.Floor(a / b), (a, b) => (long)Math.Floor(a / (double)b)),
        ["Maximum"] = Binary(MathF.Max, Math.Max),
        ["Minimum"] = Binary(MathF.Min, Math.Min),
        ["Pow"] = Binary(MathF.Pow, (a, b) => (long)Math.Pow(a, b)),
        ["SquaredDifference"] = Binary((a, b) => (a - b) * (a - b), (a, b) => (a - b) * (a - b)),
        ["Rsqrt"] = Unary(v => (float)(1 / Math.Sqrt(v))),
        ["Sqrt"] = Unary(MathF.Sqrt),
        ["Square"] = Unary(v => v * v),
        ["Neg"] = Unary(v => -v),
        ["Exp"] = Unary(MathF.Exp),
        ["Log"] = Unary(MathF.Log),
        ["Reciprocal"] = Unary(v => 1 / v),
        ["Inv"] = Unary(v => 1 / v),
        ["Abs"] = Unary(MathF.Abs),
        ["Floor"] = Unary(MathF.Floor),
        ["LogicalNot"] = step => new(step.Constant(0).Shape, [.. Integers(step, 0).Select(v => v == 0 ? 1L : 0)]),
        ["Cast"] = Cast,
        ["Reshape"] = Reshape,
        ["ExpandDims"] = step => step.Constant(0).As([.. Inserted(step)]),
        ["Squeeze"] = step => step.Constant(0).As([.. step.Constant(0).Shape.Where(d => d != 1)]),
        ["Transpose"] = Transpose,
        ["Pack"] = step => Join(step, Enumerable.Range(0, step.Inputs.Count), scalars: true),
        ["Concat"] = step => Join(step, Enumerable.Range(1, step.Inputs.Count - 1), scalars: false),
        ["ConcatV2"] = step => Join(step, Enumerable.Range(0, step.Inputs.Count - 1), scalars: false),
        ["StridedSlice"] = StridedSlice,
        ["Slice"] = Slice,
        ["GatherV2"] = step => new(step.Constant(1).Shape, [.. Integers(step, 1).Select(i => At(step, i))]),
        ["Gather"] = step => new(step.Constant(1).Shape, [.. Integers(step, 1).Select(i => At(step, i))]),
        ["Prod"] = step => new([], new[] { step.Integers(0).Aggregate(1L, (product, v) => product * v) }),
        ["Fill"] = step => Filled(step, Shape(step, 0), step.Constant(1)),
        ["Size"] = step => new([], new long[] { step.Constant(0).Count }),
        ["Rank"] = step => new([], new long[] { step.Constant(0).Shape.Length }),
    };

    /// <summary>How to compute an operator of constants; null when that is not known.</summary>
    public static Func<Step, Constant>? Find(string type) => Operators.GetValueOrDefault(type);

    private static Func<Step, Constant> Binary(Func<float, float, float> floats, Func<long, long, long> integers) => step =>
    {
        var (a, b) = (step.Constant(0), step.Constant(1));
        if (ConstantMath.Broadcast(a.Shape, b.Shape) is not { Length: <= 8 } shape)
            throw step.Fault("combines constants of one shape, or of 1 where they differ", $"{Constant.Text(a.Shape)} and {Constant.Text(b.Shape)}");
        return a.Floats is not null && b.Floats is not null
            ? new(shape, Combine(step, a.Shape, a.Floats, b.Shape, b.Floats, shape, floats))
            : new(shape, Combine(step, a.Shape, step.Integers(0), b.Shape, step.Integers(1), shape, integers));
    };

    private static T[] Combine<T>(Step step, int[] shapeA, T[] a, int[] shapeB, T[] b, int[] shape, Func<T, T, T> combine)
    {
        var (left, right) = (new T[step.Budget.Take(shape, step.Name)], new T[step.Budget.Take(shape, step.Name)]);
        ConstantMath.Expand(a, shapeA, shape, left);
        ConstantMath.Expand(b, shapeB, shape, right);
        for (var i = 0; i < left.Length; i++)
            left[i] = combine(left[i], right[i]);
        return left;
    }

    private static Func<Step, Constant> Unary(Func<float, float> function) => step =>
    {
        var constant = step.Constant(0);
        var floats = constant.Floats ?? throw step.Fault("computes with floats", "integers");
        var result = new float[step.Budget.Take(constant.Shape, step.Name)];
        for (var i = 0; i < result.Length; i++)
            result[i] = function(floats[i]);
        return new(constant.Shape, result);
    };

    // The smallest integer has no positive counterpart.
    private static long Quotient(long a, long b) => b == 0 || (a == long.MinValue && b == -1)
        ? throw new TransferException($"Integers in a graph are divided by other numbers than 0; received {a} / {b}. The file is damaged.")
        : a / b;

    private static Constant Cast(Step step)
    {
        var constant = step.Constant(0);
        step.Budget.Take(constant.Shape, step.Name);
        return step.Type("DstT", DataType.Float) switch
        {
            DataType.Float or DataType.Double or DataType.Half or DataType.BFloat16 =>
                new(constant.Shape, constant.Floats ?? [.. step.Integers(0).Select(v => (float)v)]),
            DataType.Bool => new(constant.Shape, [.. constant.Integers?.Select(v => v == 0 ? 0L : 1) ?? constant.Floats!.Select(v => v == 0 ? 0L : 1)]),
            _ => new(constant.Shape, constant.Integers ?? [.. constant.Floats!.Select(v => (long)v)]),
        };
    }

    private static Constant Reshape(Step step)
    {
        var (constant, target) = (step.Constant(0), step.Integers(1));
        if (target.Length > 8 || target.Count(d => d == -1) > 1 || target.Any(d => d is < -1 or > int.MaxValue))
            throw step.Fault("has up to 8 sizes, one of them left open", $"[{string.Join(", ", target.Take(9))}]");
        var known = target.Where(d => d != -1).Aggregate(1L, (product, d) => product > constant.Count ? product : product * d);
        int[] shape = [.. target.Select(d => d == -1 ? (int)(constant.Count / Math.Max(known, 1)) : (int)d)];
        if (shape.Aggregate(1L, (product, d) => product > constant.Count ? product : product * d) != constant.Count)
            throw step.Fault($"keeps the {constant.Count} numbers", Constant.Text(shape));
        return constant.As(shape);
    }

    private static IEnumerable<int> Inserted(Step step)
    {
        var shape = step.Constant(0).Shape;
        var axis = step.Integers(1) is [var given] && shape.Length < 8 ? step.Axis(given, shape.Length + 1) : throw step.Fault("has one axis", "another number");
        return [.. shape[..axis], 1, .. shape[axis..]];
    }

    private static Constant Transpose(Step step)
    {
        var constant = step.Constant(0);
        int[] order = [.. step.Integers(1).Select(axis => step.Axis(axis, constant.Shape.Length))];
        if (!order.Order().SequenceEqual(Activation.Plain(constant.Shape.Length)))
            throw step.Fault("names each dimension once", Constant.Text(order));
        int[] shape = [.. order.Select(axis => constant.Shape[axis])];
        return constant.Floats is { } floats
            ? new(shape, ConstantMath.Transpose(floats, constant.Shape, order, step.Budget, step.Name))
            : new(shape, ConstantMath.Transpose(constant.Integers!, constant.Shape, order, step.Budget, step.Name));
    }

    /// <summary>Makes one row of single numbers (Pack) or of rows (Concat).</summary>
    private static Constant Join(Step step, IEnumerable<int> inputs, bool scalars)
    {
        Constant[] parts = [.. inputs.Select(step.Constant)];
        if (parts.Length == 0 || parts.Any(part => part.Shape.Length != (scalars ? 0 : 1) || (part.Floats is null) != (parts[0].Floats is null)))
            throw step.Fault("joins single numbers or rows of them", string.Join(", ", parts.Take(8).Select(part => Constant.Text(part.Shape))));
        int[] shape = [(int)Math.Min(parts.Sum(part => (long)part.Count), int.MaxValue)];
        step.Budget.Take(shape, step.Name);
        return parts[0].Floats is null ? new(shape, [.. parts.SelectMany(part => part.Integers!)]) : new(shape, [.. parts.SelectMany(part => part.Floats!)]);
    }

    private static Constant StridedSlice(Step step)
    {
        var (row, begins, ends, strides) = (Row(step), step.Integers(1), step.Integers(2), step.Integers(3));
        if (begins is not [var begin] || ends is not [var end] || strides is not [1] || step.Integer("new_axis_mask", 0) != 0 || step.Integer("ellipsis_mask", 0) != 0)
            throw step.Fault("takes neighbouring numbers of a row", $"{begins.Length} dimensions");
        var from = step.Integer("begin_mask", 0) != 0 ? 0 : Clamped(begin);
        if (step.Integer("shrink_axis_mask", 0) != 0)
            return new([], new[] { from < row.Length ? row[from] : throw step.Fault($"takes one of {row.Length} numbers", $"{begin}") });
        long[] taken = row[from..Math.Max(from, step.Integer("end_mask", 0) != 0 ? row.Length : Clamped(end))];
        return new([taken.Length], taken);

        int Clamped(long index) => (int)Math.Clamp(index < 0 ? index + row.Length : index, 0, row.Length);
    }

    private static Constant Slice(Step step)
    {
        var row = Row(step);
        if (step.Integers(1) is not [>= 0 and var begin] || begin > row.Length || step.Integers(2) is not [>= -1 and var size] || size > row.Length - begin)
            throw step.Fault("takes neighbouring numbers of a row", $"of {row.Length}");
        long[] taken = row[(int)begin..(size == -1 ? row.Length : (int)(begin + size))];
        return new([taken.Length], taken);
    }

    private static long[] Row(Step step) => step.Constant(0) is { Integers: { } row, Shape.Length: 1 }
        ? row
        : throw step.Fault("takes numbers from a row of integers", Constant.Text(step.Constant(0).Shape));

    private static long At(Step step, long index) => Row(step) is var row && index >= 0 && index < row.Length
        ? row[index]
        : throw step.Fault("takes numbers that are there", $"index {index}");

    private static long[] Integers(Step step, int input) => step.Integers(input);

    private static int[] Shape(Step step, int input) => step.Integers(input) is { Length: <= 8 } sizes && sizes.All(d => d is >= 0 and <= int.MaxValue)
        ? [.. sizes.Select(d => (int)d)]
        : throw step.Fault("has up to 8 sizes", "others");

    private static Constant Filled(Step step, int[] shape, Constant value)
    {
        var count = step.Budget.Take(shape, step.Name);
        return value switch
        {
            { Floats: [var number] } => new(shape, [.. Enumerable.Repeat(number, count)]),
            { Integers: [var number] } => new(shape, [.. Enumerable.Repeat(number, count)]),
            _ => throw step.Fault("repeats one number", $"{value.Count}"),
        };
    }
}
