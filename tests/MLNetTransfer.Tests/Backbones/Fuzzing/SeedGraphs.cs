using MLNetTransfer.Backbones.Onnx;
using static MLNetTransfer.Tests.Backbones.OnnxModels;

namespace MLNetTransfer.Tests.Backbones.Fuzzing;

/// <summary>Small valid networks of every kind, from which damaged ones are made.</summary>
internal static class SeedGraphs
{
    private static readonly TensorProto[] Constants =
    [
        Floats("fc", [6, 4], 1), Floats("k3", [6, 6, 3, 3], 2), Floats("wide", [12, 6, 1, 1], 3), Floats("dw", [12, 1, 3, 3], 4), Floats("narrow", [6, 12, 1, 1], 5),
        Floats("g", [6], 6), GraphNodes.Int64s("spatial", 2, 3), GraphNodes.Int64s("flatShape", 1, -1), GraphNodes.Int64s("rest", -1), GraphNodes.Int64s("pads", 0, 0, 1, 1, 0, 0, 1, 1),
    ];

    public static IReadOnlyList<ModelProto> All { get; } =
    [
        Of("N", 13, Node("Conv", ["map", "k3"], "a", Ints("pads", 1, 1, 1, 1)), Node("Add", ["a", "map"], "sum"), Node("Relu", ["sum"], "block"), Node("GlobalAveragePool", ["block"], "pool"), Node("Flatten", ["pool"], "flat"), Node("MatMul", ["flat", "fc"], "output")),
        Of("N", 11, Node("Conv", ["map", "wide"], "a"), Node("Clip", ["a"], "act"), Node("Conv", ["act", "dw"], "c", Int("group", 12), Ints("strides", 2, 2)), Node("Conv", ["c", "narrow"], "d"), Node("ReduceMean", ["d"], "pool", Ints("axes", 2, 3), Int("keepdims", 0)), Node("Gemm", ["pool", "fc"], "output")),
        Of("N", 17, Node("Conv", ["map", "wide"], "a"), Node("MaxPool", ["map"], "m", Ints("kernel_shape", 1, 1)), Node("Concat", ["a", "m"], "joined", Int("axis", 1)), Node("Split", ["joined", "parts"], "s", Int("axis", 1)), Node("Shape", ["joined"], "shape"), Node("Gather", ["shape", "zero"], "n"), Node("Concat", ["n", "rest"], "to", Int("axis", 0)), Node("Reshape", ["joined", "to"], "flat"), Node("Pad", ["joined", "pads"], "padded"), Node("Slice", ["padded", "zero", "rest"], "output")),
        Of("1", 9, Node("BatchNormalization", ["map", "g", "g", "g", "g"], "n"), Node("Dropout", ["n"], "d"), Node("GlobalAveragePool", ["d"], "pool"), Node("Reshape", ["pool", "flatShape"], "flat"), Node("MatMul", ["flat", "fc"], "scores"), Node("Softmax", ["scores"], "output")),
        Of("N", 18, Node("Unsqueeze", ["map", "zero"], "u"), Node("Squeeze", ["u", "zero"], "v"), Node("ReduceMean", ["v", "spatial"], "pool"), Node("Conv", ["pool", "wide"], "hidden"), Node("Sigmoid", ["hidden"], "s"), Node("Mul", ["hidden", "s"], "swish"), Node("Conv", ["swish", "narrow"], "scores"), Node("Squeeze", ["scores", "spatial"], "output")),
        ChannelsLast(), Inner(),
    ];

    private static ModelProto Of(string batch, int opset, params NodeProto[] nodes)
    {
        var model = Network(nodes, [.. Constants, GraphNodes.Int64s("zero", 0), GraphNodes.Int64s("parts", 6, 12)], batch, opset: opset);
        model.Graph.Node[2].Name = "";
        return model;
    }

    private static ModelProto ChannelsLast()
    {
        var model = Of("1", 11, Node("GlobalAveragePool", ["map"], "pool"), Node("Squeeze", ["pool"], "flat", Ints("axes", 2, 3)), Node("MatMul", ["flat", "fc"], "output"));
        model.Graph.Input[0] = Value("pixels", 1, Side, Side, 3);
        model.Graph.Node.Insert(0, Node("Transpose", ["pixels"], "image", Ints("perm", 0, 3, 1, 2)));
        return model;
    }

    private static ModelProto Inner()
    {
        var branch = new GraphProto { Name = "branch", Node = { Node("Mul", ["map", "map"], "square") }, Output = { Value("square", "N", 6, 8, 8) } };
        AttributeProto Branch(string name) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Graph, G = branch.Clone() };
        var model = Of("N", 13, Node("If", ["yes"], "chosen", Branch("then_branch"), Branch("else_branch")), Node("Resize", ["chosen", "", "scales"], "r"), Node("GlobalAveragePool", ["r"], "pool"), Node("Flatten", ["pool"], "flat"), Node("MatMul", ["flat", "fc"], "output"));
        model.Graph.Initializer.Add(new TensorProto { Name = "yes", DataType = 9, Int32Data = { 1 } });
        model.Graph.Initializer.Add(new TensorProto { Name = "scales", DataType = 1, Dims = { 4 }, FloatData = { 1, 1, 2, 0.5f } });
        model.Graph.ValueInfo.Add(Value("chosen", "N", 6, 8, 8));
        return model;
    }
}
