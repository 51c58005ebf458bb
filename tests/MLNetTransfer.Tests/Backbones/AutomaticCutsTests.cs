using Google.Protobuf;
using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using static MLNetTransfer.Tests.Backbones.OnnxModels;

namespace MLNetTransfer.Tests.Backbones;

/// <summary>Where networks without described cuts are cut, what lies below the cuts, and that each of them runs.</summary>
public sealed class AutomaticCutsTests
{
    [Fact]
    public void Cuts_MobileNetV2_AreItsBlocks()
    {
        var backbone = Backbone.Load(Repository.SharedOrSkip("models", "mobilenet-v2-1.0-224.onnx"));
        // Sandler et al., table 2: a stem, 17 bottlenecks (ending in a projection, or in a sum where the shape stays), pooled features, classes.
        Assert.Equal(
            ["clip_1 (32)", "conv_4 (16)", "conv_9 (24)", "add_15 (24)", "conv_20 (32)", "add_26 (32)", "add_32 (32)", "conv_37 (64)", "add_43 (64)", "add_49 (64)",
            "add_55 (64)", "conv_60 (96)", "add_66 (96)", "add_72 (96)", "conv_77 (160)", "add_83 (160)", "add_89 (160)", "conv_94 (320)", "last (1280)", "output (1000)"],
            backbone.Cuts.Select(cut => cut.ToString()));
        Assert.Equal("96 x 14 x 14", backbone.FindCut("add_66").Shape.ToString());
        Assert.Equal("last", backbone.DefaultCut.Name);
        Assert.Equal(["globalaveragepool_97"], backbone.DefaultCut.Tensors);
    }

    [Fact]
    public void MultiplyAdds_MobileNetV2_AreThePublishedOnes()
    {
        var backbone = Backbone.Load(Repository.SharedOrSkip("models", "mobilenet-v2-1.0-224.onnx"));
        // torchvision publishes 3,504,872 weights, of which each of the 52 batch normalisations has two a channel (34,112 of 17,056 channels);
        // folded into the convolutions they leave one bias a channel.
        Assert.Equal(3_504_872 - 17_056, backbone.Parameters);
        Assert.Equal(3_504_872 - 17_056 - 1_281_000, backbone.DefaultCut.Parameters);
        // The paper says 300 M, torchvision 0.301 G.
        Assert.InRange(backbone.MultiplyAdds, 299_500_000, 301_500_000);
        Assert.Equal(backbone.MultiplyAdds - 1_280_000, backbone.DefaultCut.MultiplyAdds);
        AssertGrowing(backbone);
    }

    [Fact]
    public void CutAt_EveryCutOfMobileNetV2_IsTheMeanOfTheUncutTensor()
    {
        var path = Repository.SharedOrSkip("models", "mobilenet-v2-1.0-224.onnx");
        var backbone = Backbone.Load(path);
        var image = RandomFloats(3 * 224 * 224, 5);
        var uncut = OnnxModels.Run(File.ReadAllBytes(path), image, 1, 3, 224, [.. backbone.Cuts.Select(cut => cut.Tensors[0])]);
        foreach (var cut in backbone.Cuts)
        {
            var part = backbone.CutAt(cut);
            var means = uncut[cut.Tensors[0]].Chunk(cut.Shape.Height * cut.Shape.Width).Select(map => map.Average()).ToArray();
            AssertClose(means, OnnxModels.Run(part.Onnx, part.OutputName, image, side: 224), 2e-4);
        }
    }

    [Fact]
    public void Cuts_ResNet18OfOpset7_AreItsBlocksAndCostWhatIsPublished()
    {
        var backbone = Backbone.FromBytes(ResidualNetworks.ResNet18().ToByteArray(), null, "resnet18.onnx");
        Assert.Equal(
            ["relu0 (64)", "stage1_1 (64)", "stage1_2 (64)", "stage2_1 (128)", "stage2_2 (128)", "stage3_1 (256)", "stage3_2 (256)", "stage4_1 (512)", "last (512)", "scores (1000)"],
            backbone.Cuts.Select(cut => cut.ToString()));
        Assert.Equal("64 x 112 x 112", backbone.Cuts[0].Shape.ToString());
        // torchvision: 11,689,512 weights, 1.814 G multiply-adds (thop and others: 1.82).
        Assert.Equal(11_689_512, backbone.Parameters);
        Assert.InRange(backbone.MultiplyAdds, 1_813_000_000, 1_821_000_000);
        Assert.Equal(3L * 64 * 49 * 112 * 112, backbone.Cuts[0].MultiplyAdds);
        AssertGrowing(backbone);
        var cut = backbone.CutAt(backbone.DefaultCut);
        Assert.Equal(2 * 512, OnnxModels.Run(cut.Onnx, cut.OutputName, RandomFloats(2 * 3 * 224 * 224, 1), 2, side: 224).Length);
    }

    [Fact]
    public void Cuts_Described_CostWhatLiesBelowEach()
    {
        var backbone = Backbone.FromBytes(Classifier().ToByteArray(), BackboneTests.Description(null, ("logits", ["output"]), ("map", ["map"]), ("both", ["map", "output"])), "tiny");
        const long Convolution = 3 * 9 * 6 * 64;
        Assert.Equal([Convolution + 24, Convolution, Convolution + 24], backbone.Cuts.Select(cut => cut.MultiplyAdds));
        Assert.Equal([168 + 28, 168, 168 + 28], backbone.Cuts.Select(cut => cut.Parameters));
        Assert.Equal(["4", "6 x 8 x 8", "10"], backbone.Cuts.Select(cut => cut.Shape.ToString()));
    }

    public static TheoryData<string> Structures => [.. Networks.Keys.Order(StringComparer.Ordinal)];

    private static readonly TensorProto[] Head = [Floats("fc", [6, 4], 3), Floats("k1", [12, 6, 1, 1], 4), Floats("k2", [6, 12, 1, 1], 5), Floats("dw", [12, 1, 3, 3], 6), Floats("k3", [6, 6, 3, 3], 7)];

    private static NodeProto[] End(string map) => [Node("GlobalAveragePool", [map], "pool"), Node("Flatten", ["pool"], "flat"), Node("MatMul", ["flat", "fc"], "output")];

    private static Dictionary<string, (ModelProto Model, string Cuts)> Networks => new()
    {
        ["one layer"] = (Classifier(), "last output"),
        ["layers in a row"] = (Network([Node("Conv", ["map", "k1"], "a"), Node("Relu", ["a"], "act"), Node("Conv", ["act", "k2"], "c"), Node("Relu", ["c"], "d"), .. End("d")], Head), "map act last output"),
        ["pooling between layers"] = (Network([Node("MaxPool", ["map"], "p", Ints("kernel_shape", 2, 2)), Node("Conv", ["p", "k3"], "c"), .. End("c")], Head), "map last output"),
        ["a sum"] = (Network([Node("Conv", ["map", "k3"], "a", Ints("pads", 1, 1, 1, 1)), Node("Add", ["a", "map"], "sum"), Node("Conv", ["sum", "k3"], "c"), .. End("c")], Head), "map sum last output"),
        ["normalised before the fork"] = (Network([Node("Tanh", ["map"], "t"), Node("Conv", ["t", "k3"], "a", Ints("pads", 1, 1, 1, 1)), Node("Add", ["a", "t"], "sum"), .. End("sum")], Head), "t last output"),
        ["a concatenation"] = (Network([Node("Conv", ["map", "k1"], "a"), Node("Concat", ["a", "map"], "joined", Int("axis", 1)), Node("Conv", ["joined", "k4"], "c"), .. End("c")], [.. Head, Floats("k4", [6, 18, 1, 1], 9)]), "map joined last output"),
        ["an inverted bottleneck"] = (Network([Node("Conv", ["map", "k1"], "a"), Node("Relu", ["a"], "act"), Node("Conv", ["act", "dw"], "c", Int("group", 12)), Node("Conv", ["c", "k2"], "d"), Node("Conv", ["d", "k3"], "e"), .. End("e")], Head), "map d last output"),
        ["a separable layer"] = (Network([Node("Conv", ["map", "k1"], "a"), Node("Relu", ["a"], "act"), Node("Conv", ["act", "dw"], "c", Int("group", 12)), Node("Relu", ["c"], "d"), Node("Conv", ["d", "k5"], "e"), Node("Conv", ["e", "k2"], "f"), .. End("f")], [.. Head, Floats("k5", [12, 12, 1, 1], 9)]), "map act e last output"),
        ["swish"] = (Network([Node("Conv", ["map", "k3"], "a"), Node("Sigmoid", ["a"], "s"), Node("Mul", ["a", "s"], "swish"), Node("Conv", ["swish", "k3"], "c"), .. End("c")], Head), "map swish last output"),
        ["squeeze and excitation"] = (Network([Node("GlobalAveragePool", ["map"], "g"), Node("Conv", ["g", "k1"], "h"), Node("Conv", ["h", "k2"], "i"), Node("Sigmoid", ["i"], "s"), Node("Mul", ["map", "s"], "gated"), Node("Conv", ["gated", "k3"], "c"), .. End("c")], Head), "gated last output"),
        ["probabilities at the end"] = (Network([Node("GlobalAveragePool", ["map"], "pool"), Node("Flatten", ["pool"], "flat"), Node("MatMul", ["flat", "fc"], "scores"), Node("Softmax", ["scores"], "output")], Head), "last scores"),
        ["hidden layer behind the pool"] = (Network([Node("GlobalAveragePool", ["map"], "pool"), Node("Flatten", ["pool"], "flat"), Node("MatMul", ["flat", "h"], "x"), Node("Relu", ["x"], "hidden"), Node("MatMul", ["hidden", "fc"], "output")], [.. Head, Floats("h", [6, 6], 9)]), "last hidden output"),
        ["never pooled"] = (Network([Node("Conv", ["map", "k3"], "c"), Node("Flatten", ["c"], "flat"), Node("MatMul", ["flat", "h"], "x"), Node("Relu", ["x"], "hidden"), Node("MatMul", ["hidden", "fc"], "output")], [.. Head, Floats("h", [216, 6], 9)]), "map c last output"),
        ["classified before pooling"] = (Network([Node("Conv", ["map", "k2b"], "c"), Node("GlobalAveragePool", ["c"], "p"), Node("Flatten", ["p"], "f"), Node("Softmax", ["f"], "output")], [Floats("k2b", [4, 6, 1, 1], 9)]), "last f"),
        ["no classifier"] = (Network([Node("Conv", ["map", "k3"], "c"), Node("GlobalAveragePool", ["c"], "output")], Head), "map last"),
        ["numbered tensors"] = (Network([Node("Conv", ["map", "k3"], "317"), Node("Relu", ["317"], "318"), Node("Conv", ["318", "k3"], "319"), .. End("319")], Head), "map relu_318 last output"),
        ["names of exporters"] = (Network([Node("Conv", ["map", "k3"], "/layer1/conv/Conv_output_0"), Node("Conv", ["/layer1/conv/Conv_output_0", "k3"], "Mixed 5b/Relu:0"), Node("Conv", ["Mixed 5b/Relu:0", "k3"], "c"), .. End("c")], Head), "map layer1/conv/Conv Mixed_5b/Relu last output"),
        ["reserved and equal names"] = (Network([Node("Conv", ["map", "k3"], "auto"), Node("Conv", ["auto", "k3"], "/map"), Node("Conv", ["/map", "k3"], "c"), .. End("c")], Head), "map auto_1 map_1 last output"),
        ["nodes out of order"] = (Network([.. End("d"), Node("Relu", ["c"], "d"), Node("Conv", ["map", "k3"], "c")], Head), "map last output"),
    };

    [Theory]
    [MemberData(nameof(Structures))]
    public void Cuts_AnyStructure_AreWhereEverythingPasses(string structure)
    {
        var (model, cuts) = Networks[structure];
        var backbone = Backbone.FromBytes(model.ToByteArray(), null, structure);
        Assert.Equal(cuts, string.Join(' ', backbone.Cuts.Select(cut => cut.Name)));
        Assert.Equal("last", backbone.DefaultCut.Name);
        AssertGrowing(backbone);
        foreach (var cut in backbone.Cuts)
        {
            var part = backbone.CutAt(cut);
            Assert.Equal(3 * cut.Dimensions, OnnxModels.Run(part.Onnx, part.OutputName, RandomFloats(3 * 3 * Side * Side, 1), 3).Length);
        }
    }

    [Fact]
    public void Cuts_DescriptionWithoutCuts_AreTheAutomaticOnes()
    {
        var backbone = Backbone.FromBytes(Classifier().ToByteArray(), new BackboneDescription { Name = "x", Preprocessing = Preprocessing.ImageNet(Side) }, "x");
        Assert.Equal(["last", "output"], backbone.Cuts.Select(cut => cut.Name));
        Assert.False(backbone.PreprocessingIsAssumed);
    }

    [Fact]
    public void Cuts_EmbeddedBackbone_AreTheDescribedOnes() =>
        Assert.Equal(["stage1", "stage2", "stage3", "stage4", "all"], Backbone.Embedded.Cuts.Select(cut => cut.Name));

    private static void AssertGrowing(Backbone backbone)
    {
        foreach (var (below, above) in backbone.Cuts.Zip(backbone.Cuts.Skip(1)))
            Assert.True(below.MultiplyAdds < above.MultiplyAdds && below.Parameters <= above.Parameters, $"{above} costs no more than {below}.");
        Assert.InRange(backbone.Cuts[^1].MultiplyAdds, 1, backbone.MultiplyAdds);
    }
}
