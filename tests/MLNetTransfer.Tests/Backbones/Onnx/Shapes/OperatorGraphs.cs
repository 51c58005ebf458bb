using MLNetTransfer.Backbones.Onnx;
using static MLNetTransfer.Tests.Backbones.OnnxModels;

namespace MLNetTransfer.Tests.Backbones.Onnx.Shapes;

/// <summary>Small graphs on "map" [N, 6, 8, 8], one or more for each operator whose shapes are inferred, in old and new operator sets.</summary>
internal static class OperatorGraphs
{
    public static Dictionary<string, ModelProto> All { get; } = Windows().Concat(Elements()).Concat(Arrangements()).Concat(Sizes()).Concat(Matrices()).ToDictionary();

    private static IEnumerable<KeyValuePair<string, ModelProto>> Windows()
    {
        TensorProto k3 = Floats("k", [4, 6, 3, 3], 1), k5 = Floats("k", [4, 6, 5, 5], 1), grouped = Floats("k", [9, 2, 3, 2], 1), up = Floats("k", [6, 2, 3, 3], 1);
        foreach (var stride in new[] { 1, 2, 3 })
        {
            yield return Of($"Conv stride {stride}", 13, [Node("Conv", ["map", "k"], "output", Ints("strides", stride, stride), Ints("pads", 1, 0, 2, 1))], k3);
            yield return Of($"Conv same upper {stride}", 7, [Node("Conv", ["map", "k"], "output", Ints("strides", stride, stride), Text("auto_pad", "SAME_UPPER"))], k5);
            yield return Of($"Conv same lower {stride}", 22, [Node("Conv", ["map", "k"], "output", Ints("strides", stride, 1), Text("auto_pad", "SAME_LOWER"))], k3);
            yield return Of($"ConvTranspose {stride}", 11, [Node("ConvTranspose", ["map", "k"], "output", Ints("strides", stride, stride), Ints("pads", 1, 1, 1, 1), Ints("output_padding", stride - 1, 0))], up);
            foreach (var ceil in new[] { 0, 1 })
                foreach (var kernel in new[] { 2, 3, 5 })
                    yield return Of($"MaxPool {kernel}/{stride}, ceil {ceil}", 12, [Node("MaxPool", ["map"], "output", Ints("kernel_shape", kernel, kernel), Ints("strides", stride, stride), Ints("pads", 0, 1, 1, 1), Int("ceil_mode", ceil))]);
        }
        yield return Of("Conv valid", 13, [Node("Conv", ["map", "k"], "output", Text("auto_pad", "VALID"), Ints("kernel_shape", 3, 3))], k3);
        yield return Of("Conv dilated", 13, [Node("Conv", ["map", "k"], "output", Ints("dilations", 3, 2))], k3);
        yield return Of("Conv in groups", 13, [Node("Conv", ["map", "k"], "output", Int("group", 3))], grouped);
        yield return Of("ConvTranspose in groups, same", 13, [Node("ConvTranspose", ["map", "k"], "output", Int("group", 3), Ints("strides", 2, 2), Text("auto_pad", "SAME_UPPER"))], up);
        yield return Of("ConvTranspose to a shape", 13, [Node("ConvTranspose", ["map", "k"], "output", Ints("strides", 2, 2), Ints("output_shape", 16, 17))], up);
        yield return Of("MaxPool with indices", 12, [new NodeProto { OpType = "MaxPool", Input = { "map" }, Output = { "output", "where" }, Attribute = { Ints("kernel_shape", 2, 2) } }]);
        yield return Of("MaxPool dilated", 10, [Node("MaxPool", ["map"], "output", Ints("kernel_shape", 2, 2), Ints("dilations", 3, 1))]);
        yield return Of("AveragePool", 7, [Node("AveragePool", ["map"], "output", Ints("kernel_shape", 3, 3), Ints("strides", 2, 2), Int("count_include_pad", 1))]);
        yield return Of("LpPool", 11, [Node("LpPool", ["map"], "output", Ints("kernel_shape", 2, 4))]);
        foreach (var global in new[] { "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool" })
            yield return Of(global, 7, [Node(global, ["map"], "output")]);
        yield return Of("ConvInteger", 13, [new NodeProto { OpType = "DynamicQuantizeLinear", Input = { "map" }, Output = { "q", "scale", "zero" } }, Node("ConvInteger", ["q", "k"], "output", Ints("pads", 1, 1, 1, 1))], Bytes("k", 5, 6, 3, 3));
        yield return Of("QLinearConv", 13, [Node("QuantizeLinear", ["map", "s", "z"], "q"), Node("QLinearConv", ["q", "s", "z", "k", "s", "z", "s", "z"], "o"), Node("DequantizeLinear", ["o", "s", "z"], "output")], Floats("s", [], 1), Bytes("z"), Bytes("k", 5, 6, 3, 3));
    }

    private static IEnumerable<KeyValuePair<string, ModelProto>> Elements()
    {
        foreach (var (name, opset) in new[] { ("Relu", 7), ("LeakyRelu", 7), ("Sigmoid", 7), ("Tanh", 7), ("Elu", 7), ("Softplus", 7), ("Abs", 7), ("Exp", 7), ("Sqrt", 7), ("Identity", 7), ("Softmax", 7), ("Softmax", 13), ("LogSoftmax", 13), ("HardSigmoid", 7), ("HardSwish", 14), ("Mish", 18), ("Gelu", 20), ("Erf", 9) })
            yield return Of($"{name} of opset {opset}", opset, [Node(name, ["map"], "output")]);
        yield return Of("LRN", 7, [Node("LRN", ["map"], "output", Int("size", 3))]);
        yield return Of("PRelu", 9, [Node("PRelu", ["map", "slope"], "output")], Floats("slope", [6, 1, 1], 1));
        yield return Of("Clip with attributes", 7, [Node("Clip", ["map"], "output")]);
        yield return Of("Clip with inputs", 11, [Node("Clip", ["map", "low", ""], "output")], Floats("low", [], 1));
        yield return Of("Dropout of opset 7", 7, [Node("Dropout", ["map"], "output")]);
        yield return Of("Dropout with a mask", 12, [new NodeProto { OpType = "Dropout", Input = { "map" }, Output = { "output", "mask" } }]);
        TensorProto[] normal = [Floats("g", [6], 1), Floats("h", [6], 2), Floats("m", [6], 3), Floats("v", [6], 4)];
        foreach (var opset in new[] { 7, 9, 14, 15 })
            yield return Of($"BatchNormalization of opset {opset}", opset, [Node("BatchNormalization", ["map", "g", "h", "m", "v"], "output")], normal);
        yield return Of("InstanceNormalization", 7, [Node("InstanceNormalization", ["map", "g", "h"], "output")], normal[..2]);
        yield return Of("LayerNormalization", 17, [Node("LayerNormalization", ["map", "g"], "output")], Floats("g", [8], 1));
        foreach (var name in new[] { "Add", "Sub", "Mul", "Div", "Pow", "Min", "Max", "Sum", "Mean" })
            yield return Of($"{name} stretched", 13, [Node("GlobalAveragePool", ["map"], "pool"), Node(name, ["pool", "map"], "output")]);
        yield return Of("Sum of three", 8, [Node("Sum", ["map", "a", "c"], "output")], Floats("a", [1, 6, 1, 8], 1), Floats("c", [], 1));
        yield return Of("Greater and Where", 13, [Node("Greater", ["map", "a"], "more"), Node("Where", ["more", "map", "a"], "output")], Floats("a", [5, 1, 1, 1, 8], 1));
        yield return Of("Cast", 13, [Node("Cast", ["map"], "output", Int("to", 7))]);
        yield return Of("QuantizeLinear", 13, [Node("QuantizeLinear", ["map", "s"], "q"), Node("DequantizeLinear", ["q", "s"], "output")], Floats("s", [], 1));
    }

    private static IEnumerable<KeyValuePair<string, ModelProto>> Arrangements()
    {
        foreach (var axis in new[] { 0, 1, 2, 4, -1 })
            yield return Of($"Flatten at {axis}", 11, [Node("Flatten", ["map"], "output", Int("axis", axis))]);
        foreach (var (name, shape) in new (string, long[])[] { ("rows", [0, -1]), ("all", [-1]), ("pixels", [-1, 6]), ("halves", [0, 2, 3, -1]), ("tail", [0, 0, 64]) })
            yield return Of($"Reshape to {name}", 13, [Node("Reshape", ["map", "shape"], "output")], GraphNodes.Int64s("shape", shape));
        yield return Of("Squeeze with attribute", 11, [Node("GlobalAveragePool", ["map"], "pool"), Node("Squeeze", ["pool"], "output", Ints("axes", 2, -1))]);
        yield return Of("Squeeze with input", 13, [Node("GlobalAveragePool", ["map"], "pool"), Node("Squeeze", ["pool", "axes"], "output")], GraphNodes.Int64s("axes", -1, 2));
        yield return Of("Squeeze all", 13, [Node("GlobalAveragePool", ["map"], "pool"), Node("Squeeze", ["pool"], "output")]);
        yield return Of("Unsqueeze with attribute", 11, [Node("Unsqueeze", ["map"], "output", Ints("axes", 0, 5))]);
        yield return Of("Unsqueeze with input", 13, [Node("Unsqueeze", ["map", "axes"], "output")], GraphNodes.Int64s("axes", -1, 1));
        yield return Of("Transpose", 13, [Node("Transpose", ["map"], "output", Ints("perm", 0, 2, 3, 1))]);
        yield return Of("Transpose without order", 13, [Node("Transpose", ["map"], "output")]);
        yield return Of("Concat", 13, [Node("MaxPool", ["map"], "m", Ints("kernel_shape", 1, 3)), Node("Concat", ["map", "m", "m"], "output", Int("axis", -1))]);
        yield return Of("Split with attribute", 11, [new NodeProto { OpType = "Split", Input = { "map" }, Output = { "output", "rest" }, Attribute = { Int("axis", 1), Ints("split", 2, 4) } }]);
        yield return Of("Split with input", 13, [new NodeProto { OpType = "Split", Input = { "map", "sizes" }, Output = { "output", "rest" }, Attribute = { Int("axis", -1) } }], GraphNodes.Int64s("sizes", 7, 1));
        yield return Of("Split evenly", 18, [new NodeProto { OpType = "Split", Input = { "map" }, Output = { "output", "second", "third" }, Attribute = { Int("axis", 2), Int("num_outputs", 3) } }]);
        yield return Of("DepthToSpace", 13, [Node("SpaceToDepth", ["map"], "s", Int("blocksize", 4)), Node("DepthToSpace", ["s"], "output", Int("blocksize", 2))]);
        yield return Of("channels shuffled", 11, [Node("Reshape", ["map", "shape"], "r"), Node("Transpose", ["r"], "t", Ints("perm", 0, 2, 1, 3, 4)), Node("Reshape", ["t", "back"], "output")], GraphNodes.Int64s("shape", 0, 2, 3, 8, 8), GraphNodes.Int64s("back", 0, 6, 8, 8));
    }

    private static IEnumerable<KeyValuePair<string, ModelProto>> Sizes()
    {
        yield return Of("Pad with attribute", 7, [Node("Pad", ["map"], "output", Ints("pads", 0, 0, 1, 2, 0, 1, 3, 4))]);
        yield return Of("Pad with input", 13, [Node("Pad", ["map", "pads"], "output")], GraphNodes.Int64s("pads", 0, 0, 1, -2, 0, 1, 3, 4));
        yield return Of("Pad of axes", 18, [Node("Pad", ["map", "pads", "", "axes"], "output")], GraphNodes.Int64s("pads", 1, 2, 3, 4), GraphNodes.Int64s("axes", -1, 1));
        yield return Of("Slice with attributes", 9, [Node("Slice", ["map"], "output", Ints("starts", 1, -3), Ints("ends", 100, -1), Ints("axes", 1, 3))]);
        yield return Of("Slice with inputs", 13, [Node("Slice", ["map", "starts", "ends", "axes", "steps"], "output")], GraphNodes.Int64s("starts", 7, 0), GraphNodes.Int64s("ends", -100, 5), GraphNodes.Int64s("axes", 2, 3), GraphNodes.Int64s("steps", -3, 2));
        yield return Of("Gather", 13, [Node("Gather", ["map", "at"], "output", Int("axis", 1))], GraphNodes.Int64s("at", 0, -1, 3));
        yield return Of("Tile", 13, [Node("Tile", ["map", "times"], "output")], GraphNodes.Int64s("times", 1, 2, 3, 1));
        yield return Of("Expand", 13, [Node("GlobalAveragePool", ["map"], "p"), Node("Expand", ["p", "shape"], "output")], GraphNodes.Int64s("shape", 6, 2, 5));
        yield return Of("Upsample of opset 7", 7, [Node("Upsample", ["map"], "output", Reals("scales", 1, 1, 2, 2))]);
        yield return Of("Upsample of opset 9", 9, [Node("Upsample", ["map", "scales"], "output")], Given("scales", 1, 1, 2.5f, 2));
        yield return Of("Resize of opset 10", 10, [Node("Resize", ["map", "scales"], "output")], Given("scales", 1, 1, 0.6f, 1.9f));
        yield return Of("Resize by scales", 13, [Node("Resize", ["map", "", "scales"], "output")], Given("scales", 1, 1, 2, 0.5f));
        yield return Of("ReduceMean with attribute", 13, [Node("ReduceMean", ["map"], "output", Ints("axes", 2, -1), Int("keepdims", 0))]);
        yield return Of("ReduceMean with input", 18, [Node("ReduceMean", ["map", "axes"], "output")], GraphNodes.Int64s("axes", -2, 3));
        yield return Of("ReduceSum with input", 13, [Node("ReduceSum", ["map", "axes"], "output", Int("keepdims", 0))], GraphNodes.Int64s("axes", 1));
        yield return Of("ReduceMax of all", 11, [Node("ReduceMax", ["map"], "output")]);
        yield return Of("ReduceMean of nothing", 18, [Node("ReduceMean", ["map"], "output", Int("noop_with_empty_axes", 1))]);
        yield return Of("ArgMax", 13, [Node("ArgMax", ["map"], "output", Int("axis", -1), Int("keepdims", 0))]);
        yield return Of("Shape, part of", 15, [Node("Shape", ["map"], "s", Int("start", -3), Int("end", 3)), Node("ConstantOfShape", ["s"], "output")]);
        yield return Of("view of PyTorch", 11, [Node("Shape", ["map"], "s"), Node("Gather", ["s", "zero"], "n"), Node("Unsqueeze", ["n"], "n1", Ints("axes", 0)), Node("Concat", ["n1", "rest"], "shape", Int("axis", 0)), Node("Reshape", ["map", "shape"], "output")], GraphNodes.Int64s("rest", -1), Scalar("zero", 0));
        yield return Of("arithmetic on sizes", 13, [Node("Shape", ["map"], "s"), Node("Slice", ["s", "two", "four"], "hw"), Node("Mul", ["hw", "two"], "doubled"), Node("Slice", ["s", "none", "two"], "nc"), Node("Concat", ["nc", "doubled"], "sizes", Int("axis", 0)), Node("Resize", ["map", "", "", "sizes"], "output")], GraphNodes.Int64s("two", 2), GraphNodes.Int64s("four", 4), GraphNodes.Int64s("none", 0));
        yield return Of("Range", 13, [Node("Size", ["w"], "most"), Node("Range", ["start", "most", "step"], "output")], Scalar("start", 3), Scalar("step", 50));
        yield return Of("If", 13, [Node("If", ["yes"], "output", Branch("then_branch", "Relu"), Branch("else_branch", "Tanh"))], new TensorProto { Name = "yes", DataType = 9, Int32Data = { 1 } });
        yield return Of("Constant nodes", 13, [Constant("one", "value_float", a => a.F = 1), Constant("axes", "value_ints", a => a.Ints.Add([2, 3])), Node("Mul", ["map", "one"], "m"), Node("Unsqueeze", ["m", "axes"], "output")]);
    }

    private static IEnumerable<KeyValuePair<string, ModelProto>> Matrices()
    {
        yield return Of("Gemm", 7, [Node("Flatten", ["map"], "f"), Node("Gemm", ["f", "k", "c"], "output")], Floats("k", [384, 5], 1), Floats("c", [5], 2));
        yield return Of("Gemm transposed", 13, [Node("Flatten", ["map"], "f"), Node("Gemm", ["f", "k"], "output", Int("transB", 1))], Floats("k", [5, 384], 1));
        yield return Of("Gemm transposed twice", 13, [Node("Flatten", ["map"], "f"), Node("Transpose", ["f"], "t"), Node("Gemm", ["t", "k"], "output", Int("transA", 1), Int("transB", 1))], Floats("k", [5, 384], 1));
        yield return Of("MatMul stretched", 13, [Node("MatMul", ["map", "k"], "output")], Floats("k", [6, 8, 3], 1));
        yield return Of("MatMul with itself", 13, [Node("Transpose", ["map"], "t", Ints("perm", 0, 1, 3, 2)), Node("MatMul", ["map", "t"], "output")]);
        yield return Of("MatMul with a column", 13, [Node("MatMul", ["map", "k"], "output")], Floats("k", [8], 1));
        yield return Of("MatMul with a row", 13, [Node("MatMul", ["k", "map"], "output")], Floats("k", [8], 1));
        yield return Of("MatMulInteger", 13, [new NodeProto { OpType = "DynamicQuantizeLinear", Input = { "map" }, Output = { "q", "scale", "zero" } }, Node("MatMulInteger", ["q", "k"], "output")], Bytes("k", 8, 3));
    }

    private static KeyValuePair<string, ModelProto> Of(string name, int opset, NodeProto[] nodes, params TensorProto[] constants) => new(name, Network(nodes, constants, opset: opset));

    private static AttributeProto Text(string name, string value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = Google.Protobuf.ByteString.CopyFromUtf8(value) };

    private static AttributeProto Reals(string name, params float[] values) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Floats, Floats = { values } };

    private static AttributeProto Branch(string name, string type) => new()
    {
        Name = name,
        Type = AttributeProto.Types.AttributeType.Graph,
        G = new GraphProto { Name = name, Node = { Node(type, ["map"], name) }, Output = { Value(name, "N", 6, 8, 8) } },
    };

    private static NodeProto Constant(string output, string attribute, Action<AttributeProto> set)
    {
        var value = new AttributeProto { Name = attribute, Type = attribute.EndsWith('s') ? AttributeProto.Types.AttributeType.Ints : AttributeProto.Types.AttributeType.Float };
        set(value);
        return Node("Constant", [], output, value);
    }

    private static TensorProto Scalar(string name, long value) => new() { Name = name, DataType = (int)TensorProto.Types.DataType.Int64, Int64Data = { value } };

    private static TensorProto Given(string name, params float[] values) => new() { Name = name, DataType = (int)TensorProto.Types.DataType.Float, Dims = { values.Length }, FloatData = { values } };

    private static TensorProto Bytes(string name, params long[] dims) =>
        new() { Name = name, DataType = 2, Dims = { dims }, Int32Data = { Enumerable.Range(0, (int)dims.Aggregate(1L, (a, b) => a * b)).Select(i => i % 7) } };
}
