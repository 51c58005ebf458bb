using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Backbones.Onnx.Shapes;
using MLNetTransfer.TestSupport;
using static MLNetTransfer.Tests.Backbones.OnnxModels;

namespace MLNetTransfer.Tests.Backbones.Onnx.Shapes;

/// <summary>The oracle is what ONNX Runtime makes: every tensor of a graph is asked for, and its shape compared.</summary>
public sealed class ShapeInferenceTests
{
    private const int Images = 2;

    public static TheoryData<string> Operators => [.. OperatorGraphs.All.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Operators))]
    public void Of_AnyOperator_IsWhatOnnxRuntimeMakes(string graph) => AssertShapes(OperatorGraphs.All[graph], Side);

    [Fact]
    public void Of_EveryTensorOfMobileNetV2_IsWhatOnnxRuntimeMakes() =>
        AssertShapes(ModelProto.Parser.ParseFrom(File.ReadAllBytes(Repository.SharedOrSkip("models", "mobilenet-v2-1.0-224.onnx"))), 224);

    [Fact]
    public void Of_EveryTensorOfTheEmbeddedBackbone_IsWhatOnnxRuntimeMakes() =>
        AssertShapes(ModelProto.Parser.ParseFrom(File.ReadAllBytes(Repository.Path("models", "formula-resnet.onnx"))), 96);

    [Fact]
    public void Of_BatchNormalizationThatNamesItsStatistics_GivesThemTheirShapes()
    {
        var node = Node("BatchNormalization", ["map", "g", "g", "g", "g"], "output");
        node.Output.Add(["mean", "variance", "savedMean", "savedVariance"]);
        var shapes = Infer(Network([node], [Floats("g", [6], 1)], opset: 9), Side);
        Assert.Equal("[N, 6, 8, 8]", $"{shapes.Find("output")}");
        Assert.Equal("[6]", $"{shapes.Find("savedVariance")}");
    }

    [Fact]
    public void Of_UnknownOperatorWithADeclaredShape_BelievesTheFile()
    {
        var graph = Network([Node("Entangle", ["map"], "odd"), Node("GlobalAveragePool", ["odd"], "output")], []).Graph;
        var shapes = ShapeInference.Of(graph, "image", [3, Side, Side], false, new Dictionary<string, TypeProto.Types.Tensor> { ["odd"] = Value("odd", 1, 9, 4, 4).Type.TensorType });
        Assert.Equal("[N, 9, 1, 1]", $"{shapes.Find("output")}");
        Assert.True(shapes.Find("output")!.IsImageData);
    }

    [Theory]
    [InlineData("Reshape", 1 << 20, "does not fit")]
    [InlineData("Reshape", 1L << 40, "beyond all measure")]
    [InlineData("Tile", 1 << 16, "too large")]
    [InlineData("Tile", 1L << 40, "beyond all measure")]
    [InlineData("Tile", long.MaxValue, "beyond all measure")]
    [InlineData("Expand", -5, "do not fit")]
    [InlineData("Resize", 1 << 24, "too large")]
    [InlineData("Resize", 1L << 40, "beyond all measure")]
    [InlineData("Resize", -1, "impossible")]
    public void Of_HostileSizes_AreRefusedBeforeAnythingIsReserved(string type, long size, string reason)
    {
        string[] inputs = type == "Resize" ? ["map", "", "", "sizes"] : ["map", "sizes"];
        var shapes = Infer(Network([Node(type, inputs, "huge"), Node("Relu", ["huge"], "output")], [GraphNodes.Int64s("sizes", 1, size, size, 1)]), Side);
        Assert.Null(shapes.Find("output"));
        Assert.Contains(reason, shapes.Reason("output"));
        Assert.Contains($"the {type} 'huge'", shapes.Reason("output"));
    }

    private static ShapeInference Infer(ModelProto model, int side) =>
        ShapeInference.Of(model.Graph, model.Graph.Input[0].Name, [3, side, side], false, new Dictionary<string, TypeProto.Types.Tensor>());

    private static void AssertShapes(ModelProto model, int side)
    {
        var shapes = Infer(model, side);
        var measured = Measure(model.Clone(), side);
        Assert.True(measured.Count >= 2);
        Assert.All(measured, tensor => Assert.Equal(
            $"{tensor.Key} [{string.Join(", ", tensor.Value)}]",
            $"{tensor.Key} [{string.Join(", ", shapes.Find(tensor.Key)?.Dims.Select(Scale) ?? [shapes.Reason(tensor.Key)])}]"));

        static object Scale(long dimension) => dimension > 0 && dimension % ShapeInference.Batch == 0 ? dimension / ShapeInference.Batch * Images : dimension;
    }

    private static Dictionary<string, long[]> Measure(ModelProto model, int side)
    {
        var names = model.Graph.Node.SelectMany(node => node.Output).Where(name => name != "").Distinct().ToList();
        model.Graph.Output.Clear();
        model.Graph.Output.Add(names.Select(name => new ValueInfoProto { Name = name }));
        using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using var session = new InferenceSession(model.ToByteArray(), options);
        using var run = new RunOptions();
        using var value = OrtValue.CreateTensorValueFromMemory(RandomFloats(Images * 3 * side * side, 1), [Images, 3, side, side]);
        using var results = session.Run(run, [model.Graph.Input[0].Name], [value], names);
        return names.Zip(results).ToDictionary(pair => pair.First, pair => pair.Second.GetTensorTypeAndShape().Shape);
    }
}
