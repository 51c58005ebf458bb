using Microsoft.ML.OnnxRuntime;
using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Backbones.TensorFlow;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Torch.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Tests.Graph;

/// <summary>Forward passes against ONNX Runtime, gradients against finite differences, weights back into the file.</summary>
[Collection(TorchCollection.Name)]
public sealed class GraphModuleTests
{
    public static TheoryData<string> Networks => ["embedded", "resnet-18", "mobilenet-v2", "mobilenet-v1", "resnet-v2-tiny.frozen.pb", "inception-v3-tiny.meta", "inception-5h-tiny.frozen.pb"];

    [Theory, MemberData(nameof(Networks))]
    public void Forward_WholeNetwork_AgreesWithOnnxRuntime(string name)
    {
        var backbone = Open(name);
        var network = backbone.CutAt(backbone.DefaultCut);

        AssertAgrees(network, null);
    }

    [Theory, MemberData(nameof(Networks))]
    public void Forward_AboveEveryCut_AgreesWithOnnxRuntime(string name)
    {
        var backbone = Open(name);
        var network = backbone.CutAt(backbone.DefaultCut);
        var below = backbone.Cuts.Where(cut => cut.Tensors.Count == 1 && cut.MultiplyAdds < backbone.DefaultCut.MultiplyAdds).ToList();

        Assert.NotEmpty(below);
        foreach (var cut in below)
            AssertAgrees(network, cut);
    }

    [Theory, MemberData(nameof(Networks))]
    public void ToOnnx_NothingMoved_SameBytes(string name)
    {
        var backbone = Open(name);
        var network = backbone.CutAt(backbone.DefaultCut);
        using var module = GraphModule.Above(network, null);

        Assert.Equal(OnnxFile.Write(OnnxFile.Parse(network.Onnx, name)), module.ToOnnx());
    }

    [Theory, MemberData(nameof(Networks))]
    public void Gradients_OfEveryWeight_AgreeWithFiniteDifferences(string name)
    {
        var backbone = Open(name);
        var network = backbone.CutAt(backbone.DefaultCut);
        var cut = backbone.Cuts.LastOrDefault(cut => cut.Tensors.Count == 1 && cut.MultiplyAdds < 0.8 * backbone.DefaultCut.MultiplyAdds);
        using var module = GraphModule.Above(network, cut);
        using var scope = NewDisposeScope();
        var input = Below(network, cut, module.Inputs, Images(backbone, 2)).Select(pair => tensor(pair.Value.Values, pair.Value.Shape)).ToArray();
        var direction = Direction(module.forward(input));
        module.forward(input).backward([direction]);

        foreach (var weight in module.Weights)
        {
            using var quiet = no_grad();
            var gradient = weight.Parameter.grad!;
            var length = gradient.norm().item<float>();
            if (length == 0)
                continue; // a ReLU that no value of these images passes
            // Along its own gradient the function changes fastest: the least noise of 32-bit sums.
            var step = gradient / gradient.norm();
            // A large step may cross the kink of a ReLU, a small one drowns in rounding: one of the sizes has to agree.
            double[] numeric = [.. new[] { 1e-3f, 1e-4f, 1e-5f }.Select(share => Slope(weight.Parameter, step, share * Math.Max(0.05f, weight.Parameter.norm().item<float>())))];
            Assert.True(numeric.Any(slope => Math.Abs(slope - length) <= 0.02 * length + 1e-3), $"{weight.Name}: finite differences {string.Join(", ", numeric)}, gradient {length}.");
        }

        double Slope(Tensor parameter, Tensor step, float size)
        {
            using Scalar h = size, back = -2 * size;
            parameter.add_(step, h);
            var above = Value();
            parameter.add_(step, back);
            var below = Value();
            parameter.add_(step, h);
            return (above - below) / (2 * size);
        }

        double Value() => module.forward(input).to(ScalarType.Float64).mul(direction).sum().item<double>();
    }

    [Fact]
    public void ToOnnx_AWeightMoved_ItAloneIsDifferentAndOnnxRuntimeFollows()
    {
        var backbone = Backbone.Embedded;
        var network = backbone.CutAt(backbone.FindCut("stage4"));
        using var module = GraphModule.Above(network, backbone.FindCut("stage3"));
        using (no_grad())
        {
            using Scalar half = 0.5f;
            module.Weights[^1].Parameter.add_(half);
        }

        var images = Images(backbone, 2);
        var before = OnnxFile.Parse(network.Onnx, "before").Graph.Initializer;
        var after = OnnxFile.Parse(module.ToOnnx(), "after").Graph.Initializer;
        Assert.Equal([module.Weights[^1].Name], before.Zip(after).Where(pair => !pair.First.Equals(pair.Second)).Select(pair => pair.First.Name));
        using var scope = NewDisposeScope();
        var input = Below(network, backbone.FindCut("stage3"), module.Inputs, images).Select(pair => tensor(pair.Value.Values, pair.Value.Shape)).ToArray();
        using (no_grad())
            AssertClose(Run(module.ToOnnx(), images, [network.OutputName])[network.OutputName].Values, [.. module.forward(input).data<float>()]);
    }

    [Fact]
    public void Above_TheLastCut_SaysNothingIsThere()
    {
        var backbone = Backbone.Embedded;
        var cut = backbone.FindCut("stage4");

        var fault = Assert.Throws<TransferException>(() => GraphModule.Above(backbone.CutAt(backbone.FindCut("stage3")), cut));

        Assert.Contains("there are none", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Above_ACutOfSeveralTensors_IsRefused()
    {
        var backbone = Backbone.Embedded;

        var fault = Assert.Throws<TransferException>(() => GraphModule.Above(backbone.CutAt(backbone.DefaultCut), backbone.FindCut("all")));

        Assert.Contains("'all'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Above_AnUnknownOperator_NamesIt()
    {
        var model = OnnxFile.Parse(Backbone.Embedded.CutAt(Backbone.Embedded.FindCut("stage4")).Onnx, "embedded");
        model.Graph.Node[^2].OpType = "Hardmax";

        var fault = Assert.Throws<TransferException>(() => new GraphModule(GraphSplit.At(model, "stage3")));

        Assert.Contains("Hardmax", fault.Message, StringComparison.Ordinal);
    }

    private static Tensor Direction(Tensor features)
    {
        var random = RandomStream.Derive(7, "direction");
        return tensor([.. Enumerable.Range(0, (int)features.numel()).Select(_ => (float)random.NextNormal())], features.shape);
    }

    private static Backbone Open(string name) => name switch
    {
        "embedded" => Backbone.Embedded,
        "resnet-18" => Backbone.FromBytes(ResNetGraph.Build(18, side: 64), null, "resnet-18.onnx"),
        "mobilenet-v2" => Backbone.Load(Repository.SharedOrSkip("models", "mobilenet-v2-1.0-224.onnx")),
        "mobilenet-v1" => Import(Repository.SharedOrSkip("models", "mobilenet-v1-0.25-224.frozen.pb")),
        _ => Import(Repository.SharedOrSkip("oracles", "tensorflow", name)),
    };

    private static Backbone Import(string path)
    {
        var imported = TensorFlowImport.Read(path);
        return Backbone.FromBytes(imported.Onnx.ToArray(), imported.Description, path);
    }

    private static void AssertAgrees(BackboneCut network, Cut? cut)
    {
        using var module = GraphModule.Above(network, cut);
        var images = Images(network.Backbone, 2);
        var expected = Run(network.Onnx, images, [network.OutputName])[network.OutputName].Values;
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var input = Below(network, cut, module.Inputs, images).Select(pair => tensor(pair.Value.Values, pair.Value.Shape)).ToArray();
        AssertClose(expected, [.. module.forward(input).contiguous().data<float>()]);
    }

    /// <summary>Within 1e-4 of the largest feature, or of 1.</summary>
    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var scale = Math.Max(1, expected.Max(Math.Abs));
        Assert.True(expected.Zip(actual).Max(pair => Math.Abs(pair.First - pair.Second)) <= 1e-4 * scale, $"the largest difference is {expected.Zip(actual).Max(pair => Math.Abs(pair.First - pair.Second))} of {scale}");
    }

    private static IEnumerable<KeyValuePair<string, (float[] Values, long[] Shape)>> Below(BackboneCut network, Cut? cut, IReadOnlyList<string> boundary, (float[] Values, long[] Shape) images)
    {
        if (cut is null)
            return [new(boundary[0], images)];
        var lower = GraphSplit.At(OnnxFile.Parse(network.Onnx, "network"), cut.Tensors[0]).LowerOnnx;
        var found = Run(lower, images, boundary);
        return boundary.Select(name => KeyValuePair.Create(name, found[name]));
    }

    private static Dictionary<string, (float[] Values, long[] Shape)> Run(byte[] onnx, (float[] Values, long[] Shape) images, IReadOnlyList<string> outputs)
    {
        using var session = new InferenceSession(onnx);
        using var image = OrtValue.CreateTensorValueFromMemory(images.Values, images.Shape);
        using var options = new RunOptions();
        using var results = session.Run(options, [session.InputNames[0]], [image], outputs);
        return outputs.Zip(results).ToDictionary(pair => pair.First, pair => (pair.Second.GetTensorDataAsSpan<float>().ToArray(), pair.Second.GetTensorTypeAndShape().Shape));
    }

    private static (float[] Values, long[] Shape) Images(Backbone backbone, int count)
    {
        var (random, preprocessing) = (RandomStream.Derive(3, "images"), backbone.Preprocessing);
        float[] values = [.. Enumerable.Range(0, count * preprocessing.TensorLength).Select(_ => (float)random.NextNormal())];
        return (values, preprocessing.Layout == MLNetTransfer.Images.TensorLayout.Nchw
            ? [count, preprocessing.Channels, preprocessing.Side, preprocessing.Side]
            : [count, preprocessing.Side, preprocessing.Side, preprocessing.Channels]);
    }
}
