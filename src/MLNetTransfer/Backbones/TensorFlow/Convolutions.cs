namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>Layers with weights.</summary>
internal static class Convolutions
{
    public static Value Convolution(Step step)
    {
        var (tensor, channels, height, width) = step.Map(0);
        var filter = Filter(step);
        if (filter.Shape is not [var rows, var columns, var read, var written] || read == 0 || channels % read != 0 || written % (channels / read) != 0)
            throw step.Fault($"has a filter [rows, columns, read, written] for its {channels} channels", Constant.Text(filter.Shape));
        var values = ConstantMath.Transpose(filter.Floats!, filter.Shape, [3, 2, 0, 1], step.Budget, step.Name);
        return Emit(step, tensor, (height, width), values, [written, read, rows, columns], channels / read);
    }

    public static Value Depthwise(Step step)
    {
        var (tensor, channels, height, width) = step.Map(0);
        var filter = Filter(step);
        if (filter.Shape is not [var rows, var columns, var read, var multiplier] || read != channels)
            throw step.Fault($"has a filter [rows, columns, {channels}, multiplier]", Constant.Text(filter.Shape));
        var values = ConstantMath.Transpose(filter.Floats!, filter.Shape, [2, 3, 0, 1], step.Budget, step.Name);
        return Emit(step, tensor, (height, width), values, [channels * multiplier, 1, rows, columns], channels);
    }

    public static Value MatMul(Step step)
    {
        var row = step.Image(0);
        var weights = step.Constant(1);
        var isTransposed = step.Flag("transpose_b", false);
        if (row.Rank != 2 || step.Flag("transpose_a", false))
            throw step.Fault("works on rows of features [N, K]", Constant.Text(row.Shape));
        if (weights is not { Floats: { } floats, Shape: [var first, var second] } || (isTransposed ? second : first) != row.Shape[1])
            throw step.Fault($"has a matrix of floats for {row.Shape[1]} features", Constant.Text(weights.Shape));
        var (read, written) = isTransposed ? (second, first) : (first, second);
        // The features of a flattened map are stored channels first: the matrix follows.
        var map = row.Flattened ?? [1, 1, read];
        int[] shape = isTransposed ? [written, .. map] : [.. map, written];
        int[] order = isTransposed ? [0, 3, 1, 2] : [3, 2, 0, 1];
        var values = ConstantMath.Transpose(floats, shape, order, step.Budget, step.Name);
        return step.Emit(
            new OnnxNode
            {
                Operator = "Gemm",
                Inputs = [row.Tensor],
                Output = step.Name,
                Weights = Own(step, values, floats, [written, read]),
                Attributes = [OnnxLayers.Attribute("transB", 1L)],
            },
            [Activation.Batch, written], [0, 1]);
    }

    public static Value SpaceToBatch(Step step)
    {
        var map = step.Image(0);
        var (block, pads) = (step.Integers(1), step.Integers(2));
        if (map.Rank != 4 || !map.Order.SequenceEqual(Activation.ChannelsFirst) || block is not [>= 1 and <= 64, >= 1 and <= 64]
            || pads.Length != 4 || pads.Any(p => p is < 0 or > 4096))
            throw step.Fault("splits the rows and columns of a map [N, H, W, C] into 1 to 64 blocks", Constant.Text(map.Shape));
        return new Activation(map.Tensor, map.Shape, map.Order)
        {
            Blocks = new((int)block[0], (int)block[1], [(int)pads[0], (int)pads[2], (int)pads[1], (int)pads[3]], null),
        };
    }

    public static Value BatchToSpace(Step step)
    {
        var (block, crops) = (step.Integers(1), step.Integers(2));
        if (step.Input(0) is not Activation { Blocks: { Convolution: { } convolution } blocks } map)
            throw step.Fault("follows a convolution of blocks made by SpaceToBatchND", "another input", "Other uses are not supported.");
        if (block is not [var rows, var columns] || rows != blocks.Height || columns != blocks.Width || crops.Length != 4)
            throw step.Fault($"joins the {blocks.Height} x {blocks.Width} blocks it was split into", $"[{string.Join(", ", block.Take(4))}]");
        int[] cut = [.. new[] { crops[0], crops[2], crops[1], crops[3] }.Select(crop => (int)Math.Clamp(crop, -1, 1 << 16))];
        // Cropping the result of a dilated convolution is padding it less.
        var pads = blocks.Pads.Zip(cut, (pad, crop) => pad - crop).ToArray();
        if (cut.Any(crop => crop < 0) || pads.Any(pad => pad < 0))
            throw step.Fault("crops no more than was padded", $"[{string.Join(", ", crops)}]");
        convolution.Pads = pads;
        convolution.Output = step.Name;
        int[] shape = [Activation.Batch, map.Shape[1] - cut[0] - cut[2], map.Shape[2] - cut[1] - cut[3], map.Shape[3]];
        step.Check(shape);
        var joined = new Activation(step.Name, shape, map.Order);
        convolution.Shape = joined.Stored;
        return joined;
    }

    private static Constant Filter(Step step) => step.Constant(1) is { Floats: not null, Count: > 0 } filter
        ? filter
        : throw step.Fault("has a filter of floats", Constant.Text(step.Constant(1).Shape));

    private static Activation Emit(Step step, string tensor, (int Height, int Width) map, float[] values, int[] shape, int groups)
    {
        var blocks = (step.Input(0) as Activation)!.Blocks;
        if (blocks?.Convolution is not null)
            throw step.Fault("is the only one between SpaceToBatchND and BatchToSpaceND", "another one");
        var (height, width) = blocks is null ? map : (map.Height + blocks.Pads[0] + blocks.Pads[2], map.Width + blocks.Pads[1] + blocks.Pads[3]);
        var window = Window.Of(step, (shape[2], shape[3]), height, width, blocks is null ? null : (blocks.Height, blocks.Width));
        if (blocks is not null && window.Stride != (1, 1))
            throw step.Fault("moves by 1 between blocks", $"{window.Stride}");
        var added = new OnnxNode
        {
            Operator = "Conv",
            Inputs = [tensor],
            Output = step.Name,
            Weights = Own(step, values, step.Constant(1).Floats!, shape),
            Pads = blocks?.Pads ?? window.Pads,
            Attributes =
            [
                OnnxLayers.Attribute("dilations", window.Dilation.Rows, window.Dilation.Columns),
                OnnxLayers.Attribute("group", (long)groups),
                OnnxLayers.Attribute("kernel_shape", shape[2], shape[3]),
                OnnxLayers.Attribute("strides", window.Stride.Rows, window.Stride.Columns),
            ],
        };
        var result = step.EmitMap(added, shape[0], window.Height, window.Width);
        return blocks is null ? result : new Activation(result.Tensor, result.Shape, result.Order) { Blocks = blocks with { Convolution = added } };
    }

    // Layers are scaled in place later, and a constant may be read by several.
    private static LayerWeights Own(Step step, float[] values, float[] stored, int[] shape)
    {
        if (!ReferenceEquals(values, stored))
            return new(values, shape);
        step.Budget.Take(shape, step.Name);
        return new([.. values], shape);
    }
}
