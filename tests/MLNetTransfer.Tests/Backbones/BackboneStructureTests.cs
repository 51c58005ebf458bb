using Google.Protobuf;
using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Onnx;
using static MLNetTransfer.Tests.Backbones.OnnxModels;

namespace MLNetTransfer.Tests.Backbones;

/// <summary>Every shape a classifier's end takes in the wild: where it is cut without a description, and that the numbers are right.</summary>
public sealed class BackboneStructureTests
{
    private static readonly NodeProto Pool = Node("GlobalAveragePool", ["map"], "pool");
    private static readonly TensorProto[] Weights = [Floats("fc", [6, 4], 3), Floats("bias", [4], 4)];

    public static TheoryData<string> Structures => [.. Networks.Keys.Order(StringComparer.Ordinal)];

    private static Dictionary<string, (ModelProto Model, string Cut)> Networks => new()
    {
        ["gemm"] = (Classifier(), "pool"),
        ["gemm and softmax"] = (Network([Pool, Node("Flatten", ["pool"], "flat"), Node("Gemm", ["flat", "fc", "bias"], "logits"), Node("Softmax", ["logits"], "output")], Weights), "pool"),
        ["matmul and add"] = (Network([Pool, Node("Flatten", ["pool"], "flat"), Node("Dropout", ["flat"], "drop"), Node("MatMul", ["drop", "fc"], "product"), Node("Add", ["bias", "product"], "output")], Weights), "pool"),
        ["1x1 convolution"] = (Network([Pool, Node("Conv", ["pool", "k"], "scores"), Node("Flatten", ["scores"], "output")], [Floats("k", [4, 6, 1, 1], 5)]), "pool"),
        ["hidden layer"] = (Network([Pool, Node("Flatten", ["pool"], "flat"), Node("Gemm", ["flat", "h"], "hidden"), Node("Relu", ["hidden"], "relu"), Node("Gemm", ["relu", "fc", "bias"], "output")], [Floats("h", [6, 6], 6), .. Weights]), "pool"),
        ["reduce mean"] = (Network([Node("ReduceMean", ["map"], "pool", Ints("axes", -1, -2), Int("keepdims", 0)), Node("Gemm", ["pool", "fc", "bias"], "output")], Weights), "pool"),
        ["reduce mean of opset 18"] = (Network([Node("ReduceMean", ["map", "axes"], "pool", Int("keepdims", 1)), Node("Flatten", ["pool"], "flat"), Node("Gemm", ["flat", "fc", "bias"], "output")], [GraphNodes.Int64s("axes", 2, 3), .. Weights], opset: 18), "pool"),
        ["average pool"] = (Network([Node("AveragePool", ["map"], "pool", Ints("kernel_shape", 8, 8)), Node("Flatten", ["pool"], "flat"), Node("Gemm", ["flat", "fc", "bias"], "output")], Weights), "pool"),
        ["squeeze of opset 13"] = (Network([Pool, Node("Squeeze", ["pool", "axes"], "flat"), Node("Gemm", ["flat", "fc", "bias"], "output")], [GraphNodes.Int64s("axes", 2, 3), .. Weights]), "pool"),
        ["weights in Constant nodes"] = (WithConstantNodes(), "pool"),
        ["opset 7"] = (Classifier(opset: 7), "pool"),
        ["opset 22"] = (Classifier(opset: 22), "pool"),
        ["IR 3, initialisers as inputs"] = (WithInitialisersAsInputs(), "pool"),
        ["reshape to one image before pooling"] = (Network([Node("Reshape", ["map", "shape"], "again"), Node("GlobalAveragePool", ["again"], "pool"), Node("Flatten", ["pool"], "flat"), Node("Gemm", ["flat", "fc", "bias"], "output")], [GraphNodes.Int64s("shape", 1, 6, 4, 16), .. Weights], batch: "1"), "pool"),
        ["a tensor called features"] = (Network([Node("GlobalAveragePool", ["map"], "features"), Node("Flatten", ["features"], "flat"), Node("Gemm", ["flat", "fc", "bias"], "output")], Weights), "features"),
    };

    [Theory]
    [MemberData(nameof(Structures))]
    public void DefaultCut_AnyClassifier_IsThePooledTensor(string structure)
    {
        var (model, tensor) = Networks[structure];
        var original = model.ToByteArray();
        var backbone = Backbone.FromBytes(original, null, structure);
        var cut = backbone.CutAt(backbone.DefaultCut);
        Assert.Equal([tensor], cut.Cut.Tensors);
        Assert.Equal(6, cut.Dimensions);

        var images = RandomFloats(3 * 3 * Side * Side, 11);
        var expected = images.Chunk(3 * Side * Side).SelectMany(image => OnnxModels.Run(Openable(original), tensor, image)).ToArray();
        AssertClose(expected, OnnxModels.Run(cut.Onnx, cut.OutputName, images, 3), 1e-5);
    }

    [Fact]
    public void CutAt_FixedBatchReshapedAfterPooling_TakesAnyBatch()
    {
        var model = Network([Pool, Node("Reshape", ["pool", "shape"], "flat"), Node("Gemm", ["flat", "fc", "bias"], "output")], [GraphNodes.Int64s("shape", 1, -1), .. Weights], batch: "1");
        var images = RandomFloats(3 * 3 * Side * Side, 11);
        var expected = images.Chunk(3 * Side * Side).SelectMany(image => OnnxModels.Run(model.ToByteArray(), "flat", image)).ToArray();

        var backbone = Backbone.FromBytes(model.ToByteArray(), BackboneTests.Description(null, ("flat", ["flat"])), "reshape");
        var cut = backbone.CutAt(backbone.DefaultCut);

        AssertClose(expected, OnnxModels.Run(cut.Onnx, cut.OutputName, images, 3), 1e-5);
    }

    [Fact]
    public void CutAt_BeforeTheHead_DropsWhatIsNotNeeded()
    {
        var backbone = Backbone.FromBytes(Classifier().ToByteArray(), null, "tiny");
        var graph = ModelProto.Parser.ParseFrom(backbone.CutAt(backbone.DefaultCut).Onnx).Graph;
        Assert.Equal(["Conv", "Relu", "GlobalAveragePool", "Flatten"], graph.Node.Select(node => node.OpType));
        Assert.Equal(["w", "b"], graph.Initializer.Select(tensor => tensor.Name));
        Assert.Equal(["image"], graph.Input.Select(input => input.Name));
        Assert.Equal(["features"], graph.Output.Select(output => output.Name));
    }

    [Fact]
    public void CutAt_WeightsReadInsideAnIf_AreKept()
    {
        var branch = new GraphProto { Name = "branch", Node = { Node("Mul", ["map", "scale"], "scaled") }, Output = { new ValueInfoProto { Name = "scaled" } } };
        var condition = new TensorProto { Name = "yes", DataType = 9, Int32Data = { 1 } };
        var choice = Node("If", ["yes"], "chosen", Branch("then_branch"), Branch("else_branch"));
        var model = Network([choice, Node("GlobalAveragePool", ["chosen"], "pool"), Node("Flatten", ["pool"], "output")], [condition, Floats("scale", [6, 1, 1], 7)]);
        var image = RandomFloats(3 * Side * Side, 3);

        var backbone = Backbone.FromBytes(model.ToByteArray(), BackboneTests.Description(null, ("pool", ["pool"])), "if");
        var cut = backbone.CutAt(backbone.DefaultCut);

        AssertClose(OnnxModels.Run(model.ToByteArray(), "pool", image), OnnxModels.Run(cut.Onnx, cut.OutputName, image), 1e-6);

        AttributeProto Branch(string name) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Graph, G = branch };
    }

    public static TheoryData<string> Refusals => [.. Refused.Keys.Order(StringComparer.Ordinal)];

    private static Dictionary<string, (ModelProto Model, string? CutAt, string Message)> Refused => new()
    {
        ["maps reshaped into three axes"] = (Network([Node("Reshape", ["map", "shape"], "output")], [GraphNodes.Int64s("shape", 0, 6, 64)]), "output", "is [N, 6, 64]"),
        ["batch merged into the features"] = (Network([Node("Reshape", ["map", "shape"], "output")], [GraphNodes.Int64s("shape", 6, -1)]), "output", "number of images"),
        ["whole numbers"] = (Network([Node("Cast", ["map"], "output", Int("to", 7))], []), "output", "holds int64"),
        ["unknown operator"] = (Network([Node("Entangle", ["map"], "output")], []), "output", "operator Entangle"),
        ["factors that do not fit"] = (Network([Node("MatMul", ["map", "k"], "output")], [Floats("k", [5, 4], 5)]), "output", "multiplies [N, 6, 8, 8] with [5, 4]"),
        ["cycle"] = (Network([Node("Add", ["map", "output"], "loop"), Node("Relu", ["loop"], "output")], []), "output", "waits for itself in a circle"),
        ["computed twice"] = (Network([Node("Relu", ["map"], "output"), Node("Tanh", ["map"], "output")], []), "output", "computes 'output' twice"),
        ["no layers"] = (Pooled([Node("GlobalAveragePool", ["image"], "output")]), null, "Name the tensors to cut at"),
        ["an unknown operator before the first layer"] = (Pooled([Node("Entangle", ["image"], "odd"), Node("Conv", ["odd", "w"], "output")]), null, "operator Entangle"),
        ["fixed batch that cannot be freed"] = (Network([Node("Reshape", ["map", "shape"], "again"), Node("Flatten", ["again"], "output")], [GraphNodes.Int64s("shape", 2, 192)], batch: "1"), "output", "arranges [N, 6, 8, 8] as [2, 192]"),
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void FromBytes_GraphThatCannotBeCut_SaysWhy(string graph)
    {
        var (model, tensor, message) = Refused[graph];
        var description = tensor is null ? null : BackboneTests.Description(null, ("here", [tensor]));
        var error = Assert.Throws<TransferException>(() => Backbone.FromBytes(model.ToByteArray(), description, "odd.onnx"));
        Assert.Contains(message, error.Message);
        Assert.Contains("odd.onnx", error.Message);
    }

    /// <summary>A network without the convolution that the others begin with.</summary>
    private static ModelProto Pooled(NodeProto[] nodes)
    {
        var model = Network(nodes, []);
        model.Graph.Node.RemoveAt(0);
        model.Graph.Node.RemoveAt(0);
        return model;
    }

    private static ModelProto WithConstantNodes()
    {
        var model = Classifier();
        var graph = model.Graph;
        foreach (var weights in graph.Initializer.Reverse().ToList())
            graph.Node.Insert(0, Node("Constant", [], weights.Name, new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = weights }));
        graph.Initializer.Clear();
        return model;
    }

    private static ModelProto WithInitialisersAsInputs()
    {
        var model = Classifier(batch: "1", opset: 8);
        model.IrVersion = 3;
        foreach (var weights in model.Graph.Initializer)
            model.Graph.Input.Add(Value(weights.Name, [.. weights.Dims.Select(d => (object)(int)d)]));
        return model;
    }

    /// <summary>The same model without initialisers as inputs, so that the test can tell its image input.</summary>
    private static byte[] Openable(byte[] onnx)
    {
        var model = ModelProto.Parser.ParseFrom(onnx);
        model.IrVersion = 8;
        foreach (var input in model.Graph.Input.Skip(1).ToList())
            model.Graph.Input.Remove(input);
        return model.ToByteArray();
    }
}
