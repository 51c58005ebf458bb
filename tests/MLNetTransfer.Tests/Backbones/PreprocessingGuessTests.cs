using Google.Protobuf;
using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Images;
using static MLNetTransfer.Tests.Backbones.OnnxModels;

namespace MLNetTransfer.Tests.Backbones;

public sealed class PreprocessingGuessTests
{
    private static readonly Preprocessing Unit = new() { Side = Side };
    private static readonly Preprocessing Bytes = new() { Side = Side, Std = new(1f / 255) };
    private static readonly Preprocessing ImageNet = Preprocessing.ImageNet(Side);

    public static TheoryData<string> Beginnings => [.. Guesses.Keys.Order(StringComparer.Ordinal)];

    private static Dictionary<string, (NodeProto[] Nodes, TensorProto[] Constants, Preprocessing Expected, bool IsAssumed)> Guesses => new()
    {
        ["nothing"] = ([], [], ImageNet, true),
        ["(x - mean) / std of 0..1"] = ([Node("Sub", ["pixels", "m"], "s"), Node("Div", ["s", "d"], "image")], [Given("m", .485f, .456f, .406f), Given("d", .229f, .224f, .225f)], Unit, false),
        ["2 x - 1"] = ([Node("Mul", ["m", "pixels"], "s"), Node("Sub", ["s", "d"], "image")], [Given("m", 2), Given("d", 1)], Unit, false),
        ["x / 127.5 - 1"] = ([Node("Div", ["pixels", "m"], "s"), Node("Add", ["s", "d"], "image")], [Given("m", 127.5f), Given("d", -1)], Bytes, false),
        ["x / 255, then mean and std"] = ([Node("Mul", ["pixels", "a"], "r"), Node("Sub", ["r", "m"], "s"), Node("Div", ["s", "d"], "image")], [Given("a", 1f / 255), Given("m", .485f, .456f, .406f), Given("d", .229f, .224f, .225f)], Bytes, false),
        ["mean of 0..255"] = ([Node("Sub", ["pixels", "m"], "image")], [Given("m", 123.7f, 116.8f, 103.9f)], Bytes, false),
        ["a scale that fits neither"] = ([Node("Mul", ["pixels", "m"], "image")], [Given("m", 1000)], ImageNet, true),
        ["a constant minus x"] = ([Node("Sub", ["m", "pixels"], "image")], [Given("m", 1)], ImageNet, true),
    };

    [Theory]
    [MemberData(nameof(Beginnings))]
    public void Of_BeginningOfAGraph_TellsWhatItTakes(string beginning)
    {
        var (nodes, constants, expected, isAssumed) = Guesses[beginning];
        var model = Classifier();
        if (nodes.Length > 0)
            model.Graph.Input[0].Name = "pixels";
        foreach (var node in nodes.Reverse())
            model.Graph.Node.Insert(0, node);
        model.Graph.Initializer.Add(constants);
        var backbone = Backbone.FromBytes(model.ToByteArray(), null, beginning);
        Assert.Equal((expected, isAssumed), (backbone.Preprocessing, backbone.PreprocessingIsAssumed));
    }

    [Fact]
    public void Of_NetworkOfPyTorch_IsThatOfTorchvision()
    {
        var model = Classifier();
        model.ProducerName = "pytorch";
        var backbone = Backbone.FromBytes(model.ToByteArray(), null, "torch");
        Assert.Equal((ImageNet, false), (backbone.Preprocessing, backbone.PreprocessingIsAssumed));
    }

    [Fact]
    public void Of_ChannelsLast_KeepsTheLayout()
    {
        var backbone = Backbone.FromBytes(ChannelsLastTests.Network().ToByteArray(), null, "nhwc");
        Assert.Equal((ImageNet with { Layout = TensorLayout.Nhwc }, true), (backbone.Preprocessing, backbone.PreprocessingIsAssumed));
    }

    private static TensorProto Given(string name, params float[] values) => values.Length == 1
        ? new() { Name = name, DataType = 1, FloatData = { values } }
        : new() { Name = name, DataType = 1, Dims = { 1, values.Length, 1, 1 }, FloatData = { values } };
}
