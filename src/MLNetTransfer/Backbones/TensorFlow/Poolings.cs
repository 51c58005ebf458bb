namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>Layers that look at neighbourhoods without weights.</summary>
internal static class Poolings
{
    public static Value Max(Step step) => Pool(step, "MaxPool");

    // Padding does not count: the mean is of what lies on the map.
    public static Value Average(Step step) => Pool(step, "AveragePool");

    public static Value Mean(Step step)
    {
        var tensor = step.Image(0);
        if (tensor.Flattened is not null)
            throw step.Fault("averages maps", "a flattened one");
        var axes = step.Integers(1).Select(axis => step.Axis(axis, tensor.Rank)).Distinct().Order().ToArray();
        if (axes.Length == 0 || axes[0] == 0)
            throw step.Fault("averages over rows, columns or channels of each image", $"axes [{string.Join(", ", axes)}]");
        var keeps = step.Flag("keep_dims", false);
        var shape = tensor.Shape.Select((d, axis) => axes.Contains(axis) ? 1 : d).ToArray();
        var stored = axes.Select(tensor.StoredAxis).Order().ToArray();
        if (keeps && tensor.Rank == 4 && stored is [2, 3])
            return step.Emit("GlobalAveragePool", [tensor.Tensor], shape, tensor.Order);
        var attributes = new[] { OnnxLayers.Attribute("axes", stored), OnnxLayers.Attribute("keepdims", keeps ? 1L : 0) };
        if (keeps)
            return step.Emit("ReduceMean", [tensor.Tensor], shape, tensor.Order, attributes);
        int[] kept = [.. Enumerable.Range(0, tensor.Rank).Except(axes)];
        int[] order = [.. tensor.Order.Where(kept.Contains).Select(axis => Array.IndexOf(kept, axis))];
        return step.Emit("ReduceMean", [tensor.Tensor], [.. kept.Select(axis => shape[axis])], order, attributes);
    }

    /// <summary>Local response normalisation: TensorFlow counts neighbours on one side and adds their squares, ONNX counts all and averages them.</summary>
    public static Value LocalResponse(Step step)
    {
        var (tensor, channels, height, width) = step.Map(0);
        var radius = step.Integer("depth_radius", 5);
        if (radius is < 0 or > 1024)
            throw step.Fault("has a depth_radius of 0 to 1024", $"{radius}");
        var size = (2 * radius) + 1;
        return step.EmitMap(
            new OnnxNode
            {
                Operator = "LRN",
                Inputs = [tensor],
                Output = step.Name,
                Attributes =
                [
                    OnnxLayers.Attribute("alpha", step.Number("alpha", 1) * size),
                    OnnxLayers.Attribute("beta", step.Number("beta", 0.5f)),
                    OnnxLayers.Attribute("bias", step.Number("bias", 1)),
                    OnnxLayers.Attribute("size", size),
                ],
            },
            channels, height, width);
    }

    private static Activation Pool(Step step, string type)
    {
        var (tensor, channels, height, width) = step.Map(0);
        var kernel = Window.Pair(step, "ksize");
        var window = Window.Of(step, kernel, height, width);
        if (window.Dilation != (1, 1) || Math.Max(window.Pads[0], window.Pads[2]) >= kernel.Rows
            || Math.Max(window.Pads[1], window.Pads[3]) >= kernel.Columns)
            throw step.Fault("pads less than its window and has no dilations", $"pads [{string.Join(", ", window.Pads)}]");
        if (type == "AveragePool" && kernel == (height, width) && window is { Height: 1, Width: 1, Pads: [0, 0, 0, 0] })
            return step.EmitMap(new OnnxNode { Operator = "GlobalAveragePool", Inputs = [tensor], Output = step.Name }, channels, 1, 1);
        return step.EmitMap(
            new OnnxNode
            {
                Operator = type,
                Inputs = [tensor],
                Output = step.Name,
                Pads = window.Pads,
                Attributes =
                [
                    OnnxLayers.Attribute("kernel_shape", kernel.Rows, kernel.Columns),
                    OnnxLayers.Attribute("strides", window.Stride.Rows, window.Stride.Columns),
                ],
            },
            channels, window.Height, window.Width);
    }
}
