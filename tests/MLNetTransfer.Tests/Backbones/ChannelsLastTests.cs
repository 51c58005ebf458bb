using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using static MLNetTransfer.Tests.Backbones.OnnxModels;

namespace MLNetTransfer.Tests.Backbones;

/// <summary>Networks from TensorFlow that take [N, S, S, 3], fixed at one image, with maps of either layout inside.</summary>
public sealed class ChannelsLastTests
{
    [Fact]
    public void Load_ChannelsLast_CutsWhereTheNetworkDoes()
    {
        var backbone = Backbone.FromBytes(Network().ToByteArray(), null, "nhwc");
        Assert.Equal("pixels", backbone.InputName);
        Assert.Equal(["relu (6)", "last (5)", "output (4)"], backbone.Cuts.Select(cut => cut.ToString()));
        Assert.Equal("6 x 8 x 8", backbone.Cuts[0].Shape.ToString());
    }

    [Fact]
    public void CutAt_MapsOfEitherLayout_AreAveragedOverTheirPixels()
    {
        var description = new BackboneDescription
        {
            Name = "nhwc",
            Preprocessing = Preprocessing.ImageNet(Side) with { Layout = TensorLayout.Nhwc },
            Cuts = [new CutDescription { Name = "first", Tensors = ["map"] }, new CutDescription { Name = "behind", Tensors = ["relu"] }],
        };
        var backbone = Backbone.FromBytes(Network().ToByteArray(), description, "nhwc");
        var images = RandomFloats(3 * 3 * Side * Side, 8);
        var maps = images.Chunk(3 * Side * Side).Select(image => Run(Network().ToByteArray(), image, 1, "map", "relu")).ToList();

        var (first, behind) = (backbone.CutAt(backbone.FindCut("first")), backbone.CutAt(backbone.FindCut("behind")));

        // map is [6, 8, 8], relu [8, 8, 6].
        AssertClose([.. maps.SelectMany(map => map["map"].Chunk(64).Select(channel => channel.Average()))], Run(first.Onnx, images, 3, first.OutputName)[first.OutputName], 1e-5);
        AssertClose([.. maps.SelectMany(map => Enumerable.Range(0, 6).Select(c => map["relu"].Where((_, i) => i % 6 == c).Average()))], Run(behind.Onnx, images, 3, behind.OutputName)[behind.OutputName], 1e-5);
    }

    [Fact]
    public void FromBytes_DescriptionOfTheOtherLayout_IsRefused()
    {
        var description = new BackboneDescription { Name = "x", Preprocessing = Preprocessing.ImageNet(Side) };
        var error = Assert.Throws<TransferException>(() => Backbone.FromBytes(Network().ToByteArray(), description, "nhwc.onnx"));
        Assert.Contains("takes 8 x 8 x 3 (nhwc) and its description makes 3 x 8 x 8 (nchw)", error.Message);
    }

    [Fact]
    public void FromBytes_OpenSizes_FollowTheDescription()
    {
        var model = Network();
        model.Graph.Input[0] = Value("pixels", "N", "A", "B", "C");
        var description = new BackboneDescription { Name = "x", Preprocessing = Preprocessing.ImageNet(12) with { Layout = TensorLayout.Nhwc } };
        Assert.Equal("6 x 12 x 12", Backbone.FromBytes(model.ToByteArray(), description, "x").Cuts[0].Shape.ToString());
    }

    [Fact]
    public void Extract_ChannelsLastNetwork_SeesTheSamePixels()
    {
        var photos = Directory.GetFiles(Repository.SharedOrSkip("data", "photos"), "*.jpg").Order(StringComparer.Ordinal).Take(2).ToList();
        // The same weights behind a transpose, so that both networks are the same function of an image.
        var first = Classifier();
        var last = Classifier(batch: "1");
        last.Graph.Input[0] = Value("pixels", 1, Side, Side, 3);
        last.Graph.Node.Insert(0, Node("Transpose", ["pixels"], "image", Ints("perm", 0, 3, 1, 2)));
        Assert.Equal(Features(first), Features(last));

        float[] Features(ModelProto model)
        {
            var backbone = Backbone.FromBytes(model.ToByteArray(), null, "x");
            using var extractor = new BottleneckExtractor(backbone.CutAt(backbone.DefaultCut));
            var features = extractor.Extract(photos).Features;
            return [.. features.Row(0), .. features.Row(1)];
        }
    }

    /// <summary>pixels [1, 8, 8, 3] -> NCHW convolution "map" -> NHWC "relu" -> NCHW convolution -> NHWC mean over the pixels "pool" -> 4 scores.</summary>
    internal static ModelProto Network()
    {
        var graph = new GraphProto { Name = "nhwc", Input = { Value("pixels", 1, Side, Side, 3) }, Output = { new ValueInfoProto { Name = "output" } } };
        graph.Initializer.Add([Floats("w", [6, 3, 3, 3], 1), Floats("k", [5, 6, 1, 1], 2), Floats("fc", [5, 4], 3)]);
        graph.Node.Add([
            Node("Transpose", ["pixels"], "image", Ints("perm", 0, 3, 1, 2)), Node("Conv", ["image", "w"], "map", Ints("pads", 1, 1, 1, 1)),
            Node("Transpose", ["map"], "map_last", Ints("perm", 0, 2, 3, 1)), Node("Relu", ["map_last"], "relu"),
            Node("Transpose", ["relu"], "relu_first", Ints("perm", 0, 3, 1, 2)), Node("Conv", ["relu_first", "k"], "top"),
            Node("Transpose", ["top"], "top_last", Ints("perm", 0, 2, 3, 1)), Node("ReduceMean", ["top_last"], "pool", Ints("axes", 1, 2), Int("keepdims", 0)),
            Node("MatMul", ["pool", "fc"], "output"),
        ]);
        return new ModelProto { IrVersion = 7, Graph = graph, OpsetImport = { new OperatorSetIdProto { Version = 11 } } };
    }

    private static Dictionary<string, float[]> Run(byte[] onnx, float[] images, int batch, params string[] tensors)
    {
        var model = ModelProto.Parser.ParseFrom(onnx);
        foreach (var tensor in tensors.Where(tensor => model.Graph.Output.All(output => output.Name != tensor)))
            model.Graph.Output.Add(new ValueInfoProto { Name = tensor });
        using var session = new InferenceSession(model.ToByteArray());
        using var run = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(images, [batch, Side, Side, 3]);
        using var results = session.Run(run, ["pixels"], [input], tensors);
        return tensors.Zip(results).ToDictionary(pair => pair.First, pair => pair.Second.GetTensorDataAsSpan<float>().ToArray());
    }
}
