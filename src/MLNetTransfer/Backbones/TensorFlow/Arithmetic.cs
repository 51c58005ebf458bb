using MLNetTransfer.Backbones.Onnx;

namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>Sums, products and functions of every number, and the normalisations that come down to them.</summary>
internal static class Arithmetic
{
    /// <summary>An operator of two tensors, or of a tensor and a constant.</summary>
    public static Func<Step, Value> Binary(string type) => step => (step.Input(0), step.Input(1)) switch
    {
        (Activation, Constant constant) => WithConstant(step, type, step.Image(0), constant, isFirst: false),
        (Constant constant, Activation) => WithConstant(step, type, step.Image(1), constant, isFirst: true),
        _ => Emit(step, type, step.Image(0), step.Image(1)),
    };

    /// <summary>A function of every number.</summary>
    public static Func<Step, Value> Unary(string type) => step => Same(step, type, step.Image(0));

    // ONNX has another slope when none is given.
    public static Value LeakyRelu(Step step) => Same(step, "LeakyRelu", step.Image(0), OnnxLayers.Attribute("alpha", step.Number("alpha", 0.2f)));

    public static Value Relu6(Step step)
    {
        var tensor = step.Image(0);
        return Keep(tensor, step.Emit("Clip", [tensor.Tensor, Scalar(step, "min", 0), Scalar(step, "max", 6)], tensor.Shape, tensor.Order));
    }

    public static Value Rsqrt(Step step)
    {
        var tensor = step.Image(0);
        return Keep(tensor, step.Emit("Reciprocal", [step.EmitPart("root", "Sqrt", [tensor.Tensor])], tensor.Shape, tensor.Order));
    }

    public static Value Square(Step step)
    {
        var tensor = step.Image(0);
        return Keep(tensor, step.Emit("Mul", [tensor.Tensor, tensor.Tensor], tensor.Shape, tensor.Order));
    }

    public static Func<Step, Value> Softmax(string type) => step =>
    {
        var tensor = step.Image(0);
        return Same(step, type, tensor, OnnxLayers.Attribute("axis", (long)tensor.StoredAxis(tensor.Rank - 1)));
    };

    public static Value AddN(Step step)
    {
        var sum = step.Image(0);
        for (var i = 1; i < step.Inputs.Count; i++)
            if (!step.Image(i).Shape.SequenceEqual(sum.Shape) || sum.Flattened is not null || step.Image(i).Flattened is not null)
                throw step.Fault("adds tensors of one shape", Constant.Text(step.Image(i).Shape));
        return step.Emit("Sum", step.Inputs.Select((_, i) => Layout.Arrange(step, step.Image(i), sum.Order).Tensor), sum.Shape, sum.Order);
    }

    public static Value BiasAdd(Step step)
    {
        var (tensor, bias) = (step.Image(0), step.Constant(1));
        if (bias.Shape.Length != 1)
            throw step.Fault("has a bias for each channel", Constant.Text(bias.Shape));
        return tensor.Rank == 4 && step.IsChannelsFirst
            ? WithConstant(step, "Add", tensor, bias.As([bias.Count, 1, 1]), isFirst: false)
            : WithConstant(step, "Add", tensor, bias, isFirst: false);
    }

    public static Value FusedBatchNorm(Step step) => step.Flag("is_training", true)
        ? throw step.Fault("normalises with stored means and variances", "is_training is true", "Export the network for inference.")
        : Normalise(step, gamma: 1, beta: 2, mean: 3, variance: 4, step.Number("epsilon", 0.0001f));

    public static Value GlobalNormalization(Step step) =>
        Normalise(step, gamma: step.Flag("scale_after_normalization", true) ? 4 : null, beta: 3, mean: 1, variance: 2, step.Number("variance_epsilon", 0.001f));

    private static Activation Normalise(Step step, int? gamma, int beta, int mean, int variance, float epsilon)
    {
        var (tensor, channels, height, width) = step.Map(0);
        float[] Of(int input) => step.Constant(input) is { Floats: { } values } && values.Length == channels
            ? values
            : throw step.Fault($"has {channels} floats as input {input}", $"{step.Constant(input).Count}");
        var (shifts, means, variances) = (Of(beta), Of(mean), Of(variance));
        var scale = gamma is { } factors ? (float[])Of(factors).Clone() : [.. Enumerable.Repeat(1f, channels)];
        var shift = new float[channels];
        for (var channel = 0; channel < channels; channel++)
        {
            scale[channel] = (float)(scale[channel] / Math.Sqrt((double)variances[channel] + epsilon));
            shift[channel] = shifts[channel] - (means[channel] * scale[channel]);
        }
        return step.EmitMap(Layer(step, tensor, new(scale, shift, channels)), channels, height, width);
    }

    private static Activation WithConstant(Step step, string type, Activation tensor, Constant constant, bool isFirst)
    {
        if (step.Onnx.Stored(constant, tensor, step.Name) is not { } stored || constant.Count == 0)
            throw step.Fault($"has a constant that fits on {Constant.Text(tensor.Shape)}", Constant.Text(constant.Shape));
        // The same for every pixel: a matter of scaling and shifting channels.
        if (tensor.Rank > 1 && stored.Shape.Where((_, axis) => axis != 1).All(d => d == 1) && Scaling(type, stored.Values, tensor.Stored[1], isFirst) is { } affine)
            return Keep(tensor, step.Emit(Layer(step, tensor.Tensor, affine), tensor.Shape, tensor.Order));
        var name = step.Onnx.Floats(step.Name, "constant", stored.Values, stored.Shape);
        return Keep(tensor, step.Emit(type, isFirst ? [name, tensor.Tensor] : [tensor.Tensor, name], tensor.Shape, tensor.Order));
    }

    private static Affine? Scaling(string type, float[] values, int channels, bool isFirst) => type switch
    {
        "Add" => new([1], values, channels),
        "Sub" when isFirst => new([-1], values, channels),
        "Sub" => new([1], [.. values.Select(v => -v)], channels),
        "Mul" => new(values, [0], channels),
        "Div" when !isFirst => new([.. values.Select(v => 1 / v)], [0], channels),
        _ => null,
    };

    private static Activation Emit(Step step, string type, Activation first, Activation second)
    {
        if (first.Rank != second.Rank || first.Flattened is not null || second.Flattened is not null
            || ConstantMath.Broadcast(first.Shape[1..], second.Shape[1..]) is not { } shape)
        {
            // Two rows that were flattened from the same map are stored in the same order.
            if (first.Shape.SequenceEqual(second.Shape) && first.Flattened is { } map && second.Flattened is { } other && map.SequenceEqual(other))
                return Keep(first, step.Emit(type, [first.Tensor, second.Tensor], first.Shape, first.Order));
            throw step.Fault("combines tensors of one shape, or of 1 where they differ", $"{Constant.Text(first.Shape)} and {Constant.Text(second.Shape)}");
        }
        // The larger one, a map, decides how both are stored.
        var order = first.Length >= second.Length ? first.Order : second.Order;
        return step.Emit(type, [Layout.Arrange(step, first, order).Tensor, Layout.Arrange(step, second, order).Tensor], [Activation.Batch, .. shape], order);
    }

    private static OnnxNode Layer(Step step, string tensor, Affine affine) => new() { Operator = "", Inputs = [tensor], Output = step.Name, Affine = affine };

    private static Activation Same(Step step, string type, Activation tensor, params AttributeProto[] attributes) =>
        Keep(tensor, step.Emit(type, [tensor.Tensor], tensor.Shape, tensor.Order, attributes));

    private static Activation Keep(Activation from, Activation to) => new(to.Tensor, to.Shape, to.Order) { Flattened = from.Flattened };

    private static string Scalar(Step step, string role, float value) => step.Onnx.Floats(step.Name, role, [value]);
}
