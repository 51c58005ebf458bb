namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>Operators that rearrange, join and border tensors.</summary>
internal static class Shaping
{
    public static Value Reshape(Step step)
    {
        var tensor = step.Image(0);
        var target = step.Constant(1).Integers;
        if (target is not { Length: >= 1 and <= 8 } || !IsBatch(step, tensor, target))
            throw Mixed(step, target);
        // Whatever the first size says, it is the number of images: what follows must be one image.
        var rest = target.AsSpan(1).ToArray();
        if (rest.Any(d => d is < -1 or 0 or > int.MaxValue) || rest.Count(d => d == -1) > 1)
            throw Mixed(step, target);
        var known = rest.Where(d => d != -1).Aggregate(1L, (product, d) => product > tensor.Length ? product : product * d);
        if (known > tensor.Length || tensor.Length % known != 0 || (!rest.Contains(-1) && known != tensor.Length))
            throw Mixed(step, target);
        return Layout.Reshape(step, tensor, [Activation.Batch, .. rest.Select(d => d == -1 ? (int)(tensor.Length / known) : (int)d)]);
    }

    public static Value Squeeze(Step step)
    {
        var tensor = step.Image(0);
        var axes = (step.List("squeeze_dims") ?? step.List("axis") ?? []).Select(axis => step.Axis(axis, tensor.Rank)).ToArray();
        if (axes.Length == 0)
            axes = [.. Enumerable.Range(1, tensor.Rank - 1).Where(axis => tensor.Shape[axis] == 1)];
        if (axes.Any(axis => tensor.Shape[axis] != 1))
            throw step.Fault("removes dimensions of 1", $"axes [{string.Join(", ", axes)}] of {Constant.Text(tensor.Shape)}");
        return Layout.Reshape(step, tensor, [.. tensor.Shape.Where((_, axis) => !axes.Contains(axis))]);
    }

    public static Value ExpandDims(Step step)
    {
        var tensor = step.Image(0);
        var axis = step.Integers(1) is [var given] ? step.Axis(given, tensor.Rank + 1) : 0;
        if (axis == 0)
            throw step.Fault("adds a dimension behind that of the images", "one before it");
        return Layout.Reshape(step, tensor, [.. tensor.Shape[..axis], 1, .. tensor.Shape[axis..]]);
    }

    public static Value Transpose(Step step)
    {
        var tensor = step.Image(0);
        int[] order = [.. step.Integers(1).Select(axis => step.Axis(axis, tensor.Rank))];
        if (order is not [0, ..] || !order.Order().SequenceEqual(Activation.Plain(tensor.Rank)))
            throw step.Fault("leaves the images in front", $"[{string.Join(", ", order)}]");
        // The numbers stay where they are; only the view of them changes.
        return tensor.Flattened is not null ? tensor
            : tensor.Viewed([.. order.Select(axis => tensor.Shape[axis])], [.. tensor.Order.Select(axis => Array.IndexOf(order, axis))]);
    }

    public static Value Pad(Step step)
    {
        var tensor = step.Image(0);
        var (sizes, rank) = (step.Integers(1), tensor.Rank);
        if (sizes.Length != 2 * rank || sizes.Any(size => size is < 0 or > 1 << 16) || sizes[0] + sizes[1] != 0 || tensor.Flattened is not null)
            throw step.Fault("pads each dimension but that of the images by 0 to 65536", $"[{string.Join(", ", sizes.Take(16))}]");
        var value = step.Operator == "PadV2" && ConstantMath.AsFloats(step.Constant(2)) is [var given] ? given : 0;
        var mode = step.Operator == "MirrorPad" ? step.Text("mode", "REFLECT") : "";
        if (mode is not ("" or "REFLECT"))
            throw step.Fault("has the mode REFLECT", mode);
        int[] shape = [Activation.Batch, .. Enumerable.Range(1, rank - 1).Select(axis => tensor.Shape[axis] + (int)(sizes[2 * axis] + sizes[(2 * axis) + 1]))];
        if (mode != "" && Enumerable.Range(1, rank - 1).Any(axis => Math.Max(sizes[2 * axis], sizes[(2 * axis) + 1]) >= tensor.Shape[axis]))
            throw step.Fault("mirrors less than the map", Constant.Text(tensor.Shape));
        long[] pads = [.. tensor.Order.Select(axis => sizes[2 * axis]), .. tensor.Order.Select(axis => sizes[(2 * axis) + 1])];
        // Zeros around a map may become part of the convolution that follows.
        var isBorder = mode == "" && value == 0 && rank == 4 && pads[1] + pads[5] == 0;
        var added = new OnnxNode
        {
            Operator = "Pad",
            Inputs = [tensor.Tensor, step.Onnx.Integers(step.Name, "pads", pads)],
            Output = step.Name,
            Pads = isBorder ? [(int)pads[2], (int)pads[3], (int)pads[6], (int)pads[7]] : null,
            Attributes = [OnnxLayers.Attribute("mode", mode == "" ? "constant" : "reflect")],
        };
        if (mode == "")
            added.Inputs.Add(step.Onnx.Floats(step.Name, "value", [value]));
        return step.Emit(added, shape, tensor.Order);
    }

    /// <summary>Concat has the axis first, ConcatV2 last.</summary>
    public static Value Concat(Step step)
    {
        var (axisInput, first) = step.Operator == "Concat" ? (0, 1) : (step.Inputs.Count - 1, 0);
        var parts = Enumerable.Range(first, Math.Max(step.Inputs.Count - 1, 0)).Select(step.Image).ToArray();
        if (parts.Length == 0 || step.Integers(axisInput) is not [var given])
            throw step.Fault("has one or more tensors and one axis", $"{step.Inputs.Count} inputs");
        var axis = step.Axis(given, parts[0].Rank);
        if (axis == 0 || !Array.TrueForAll(parts, part => part.Rank == parts[0].Rank && part.Flattened is null
            && part.Shape.Index().All(d => d.Index == axis || d.Item == parts[0].Shape[d.Index])))
            throw step.Fault(
                "joins tensors that differ in one dimension, not that of the images", string.Join(", ", parts.Take(8).Select(part => Constant.Text(part.Shape))));
        var total = parts.Sum(part => (long)part.Shape[axis]);
        int[] shape = [.. parts[0].Shape];
        shape[axis] = (int)Math.Min(total, int.MaxValue);
        var order = parts.MaxBy(part => part.Length)!.Order;
        var arranged = parts.Select(part => Layout.Arrange(step, part, order).Tensor);
        return step.Emit("Concat", arranged, shape, order, OnnxLayers.Attribute("axis", (long)Array.IndexOf(order, axis)));
    }

    /// <summary>Equal parts along an axis, which comes first.</summary>
    public static Value[] Split(Step step)
    {
        var tensor = step.Image(1);
        var (count, axis) = (step.Integer("num_split", 0), step.Integers(0) is [var given] ? step.Axis(given, tensor.Rank) : 0);
        if (axis == 0 || count is < 1 or > 1024 || tensor.Shape[axis] % count != 0 || tensor.Flattened is not null)
            throw step.Fault("divides a dimension, not that of the images, into equal parts", $"{count} of {Constant.Text(tensor.Shape)}");
        int[] shape = [.. tensor.Shape];
        shape[axis] /= (int)count;
        string[] names = [step.Name, .. Enumerable.Range(1, (int)count - 1).Select(i => $"{step.Name}:{i}")];
        var added = new OnnxNode
        {
            Operator = "Split",
            Inputs = [tensor.Tensor],
            Output = names[0],
            MoreOutputs = [.. names[1..]],
            Attributes = [OnnxLayers.Attribute("axis", (long)tensor.StoredAxis(axis))],
        };
        step.Emit(added, shape, tensor.Order);
        return [.. names.Select(name => new Activation(name, shape, tensor.Order))];
    }

    private static bool IsBatch(Step step, Activation tensor, long[] target) =>
        target[0] is Constant.BatchSize or 1 || target[0] == step.DeclaredBatch
        || (target[0] == -1 && target.AsSpan(1).ToArray().Aggregate(1L, (product, d) => product > tensor.Length ? product : product * d) == tensor.Length);

    private static TransferException Mixed(Step step, long[]? target) => step.Fault(
        "leaves the values of each image together",
        $"[{string.Join(", ", (target ?? []).Take(8).Select(d => d == Constant.BatchSize ? "N" : $"{d}"))}] from {Constant.Text(step.Image(0).Shape)}",
        "Such networks are not supported; with --output NAME the part before it can be imported.");
}
