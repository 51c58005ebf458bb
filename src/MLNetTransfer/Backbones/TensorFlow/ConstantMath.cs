namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>Arithmetic on known numbers.</summary>
internal static class ConstantMath
{
    public static float[] AsFloats(Constant constant) => constant.Floats ?? [.. constant.Integers!.Select(v => (float)v)];

    /// <summary>The numbers with their dimensions in another order: dimension i of the result is dimension order[i].</summary>
    public static T[] Transpose<T>(T[] values, int[] shape, int[] order, ImportBudget budget, string node)
    {
        if (order.Where(axis => shape[axis] != 1).SequenceEqual(order.Where(axis => shape[axis] != 1).Order()))
            return values;
        var result = new T[budget.Take(shape, node)];
        if (result.Length == 0)
            return result;
        var strides = Strides(shape);
        var sizes = order.Select(axis => shape[axis]).ToArray();
        var steps = order.Select(axis => strides[axis]).ToArray();
        var position = new int[order.Length];
        for (int i = 0, from = 0; i < result.Length; i++)
        {
            result[i] = values[from];
            Advance(position, sizes, steps, ref from);
        }
        return result;
    }

    /// <summary>The shape that two shapes broadcast to; null when they do not.</summary>
    public static int[]? Broadcast(int[] a, int[] b)
    {
        var shape = new int[Math.Max(a.Length, b.Length)];
        for (var i = 1; i <= shape.Length; i++)
        {
            var (left, right) = (i <= a.Length ? a[^i] : 1, i <= b.Length ? b[^i] : 1);
            if (left != right && left != 1 && right != 1)
                return null;
            shape[^i] = left == 1 ? right : left;
        }
        return shape;
    }

    /// <summary>The numbers repeated along the dimensions where their shape has 1.</summary>
    public static void Expand<T>(T[] values, int[] shape, int[] target, T[] result)
    {
        if (values.Length == 1)
        {
            Array.Fill(result, values[0]);
            return;
        }
        if (result.Length == 0)
            return;
        int[] padded = [.. Enumerable.Repeat(1, target.Length - shape.Length), .. shape];
        var strides = Strides(padded);
        var steps = padded.Select((d, axis) => d == 1 ? 0 : strides[axis]).ToArray();
        var position = new int[target.Length];
        for (int i = 0, from = 0; i < result.Length; i++)
        {
            result[i] = values[from];
            Advance(position, target, steps, ref from);
        }
    }

    private static int[] Strides(int[] shape)
    {
        var strides = new int[shape.Length];
        var stride = 1;
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return strides;
    }

    private static void Advance(int[] position, int[] sizes, int[] steps, ref int from)
    {
        for (var axis = sizes.Length - 1; axis >= 0; axis--)
        {
            from += steps[axis];
            if (++position[axis] < sizes[axis])
                return;
            from -= steps[axis] * sizes[axis];
            position[axis] = 0;
        }
    }
}
