using Google.Protobuf;
using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using static MLNetTransfer.Tests.Backbones.OnnxModels;

namespace MLNetTransfer.Tests.Backbones;

public sealed class BackboneTests
{
    [Fact]
    public void Load_WithoutDescription_AssumesImageNetAndFindsTheCuts()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("tiny.onnx");
        File.WriteAllBytes(path, Classifier().ToByteArray());

        var backbone = Backbone.Load(path);

        Assert.Equal("tiny", backbone.Name);
        Assert.Equal("not stated", backbone.Licence);
        Assert.Equal(Preprocessing.ImageNet(Side), backbone.Preprocessing);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))), backbone.Sha256);
        Assert.True(backbone.PreprocessingIsAssumed);
        Assert.Equal("image", backbone.InputName);
        Assert.Equal(["last (6)", "output (4)"], backbone.Cuts.Select(cut => cut.ToString()));
        Assert.Equal(["pool"], backbone.DefaultCut.Tensors);
        Assert.Same(backbone.DefaultCut, backbone.FindCut("last"));
    }

    [Fact]
    public void Load_GreyNetwork_AssumesGrey()
    {
        var backbone = Backbone.FromBytes(Classifier(channels: 1).ToByteArray(), null, "grey");
        Assert.Equal(PixelOrder.Gray, backbone.Preprocessing.Order);
        var cut = backbone.CutAt(backbone.DefaultCut);
        var image = RandomFloats(64, 9);
        Assert.Equal(6, OnnxModels.Run(cut.Onnx, cut.OutputName, image, channels: 1).Length);
    }

    [Fact]
    public void Load_DescriptionBesideTheFile_IsFollowed()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("tiny.onnx");
        File.WriteAllBytes(path, Classifier().ToByteArray());
        var description = Description("both", ("map", ["map"]), ("pooled", ["pool"]), ("both", ["map", "flat"]), ("logits", ["output"]));
        File.WriteAllText(folder.File("tiny.json"), description.ToJson());

        var backbone = Backbone.Load(path);

        Assert.Equal("described", backbone.Name);
        Assert.Equal("MIT", backbone.Licence);
        Assert.Equal(description.Preprocessing, backbone.Preprocessing);
        Assert.Equal(["map (6)", "pooled (6)", "both (12)", "logits (4)"], backbone.Cuts.Select(cut => cut.ToString()));
        Assert.Equal("both", backbone.FindCut("last").Name);
        Assert.Equal("pooled", backbone.FindCut("pooled").Name);
    }

    [Fact]
    public void CutAt_SeveralTensors_ConcatenatesTheSingleCuts()
    {
        var backbone = Backbone.FromBytes(Classifier().ToByteArray(), Description(null, ("conv", ["conv"]), ("logits", ["output"]), ("both", ["output", "conv"])), "tiny");
        var images = RandomFloats(2 * 3 * Side * Side, 5);

        var (conv, logits, both) = (Features("conv"), Features("logits"), Features("both"));

        Assert.Equal("both", backbone.DefaultCut.Name);
        float[] expected = [.. logits[..4], .. conv[..6], .. logits[4..], .. conv[6..]];
        Assert.Equal(expected, both);

        float[] Features(string name)
        {
            var cut = backbone.CutAt(backbone.FindCut(name));
            return OnnxModels.Run(cut.Onnx, cut.OutputName, images, 2);
        }
    }

    [Fact]
    public void CutAt_Twice_GivesTheSameBytes()
    {
        var onnx = Classifier().ToByteArray();
        var (first, second) = (Backbone.FromBytes(onnx, null, "a"), Backbone.FromBytes(onnx, null, "b"));
        Assert.Equal(first.CutAt(first.DefaultCut).Onnx, second.CutAt(second.DefaultCut).Onnx);
    }

    [Fact]
    public void CutAt_CutOfAnotherBackbone_Throws()
    {
        var onnx = Classifier().ToByteArray();
        var (first, second) = (Backbone.FromBytes(onnx, null, "a"), Backbone.FromBytes(onnx, null, "b"));
        Assert.Throws<ArgumentException>(() => first.CutAt(second.DefaultCut));
    }

    [Fact]
    public void FindCut_UnknownName_ListsTheCuts()
    {
        var backbone = Backbone.FromBytes(Classifier().ToByteArray(), Description(null, ("map", ["map"]), ("pooled", ["pool"])), "tiny");
        var error = Assert.Throws<TransferException>(() => backbone.FindCut("layer9"));
        Assert.Contains("last, map, pooled", error.Message);
        Assert.Contains("'layer9'", error.Message);
    }

    [Fact]
    public void FromBytes_CutAtMissingTensor_NamesIt() =>
        AssertRefused("no tensor 'nowhere'", Classifier(), Description(null, ("x", ["nowhere"])));

    [Fact]
    public void FromBytes_CutAtTheWeights_IsRefused() =>
        AssertRefused("no tensor 'w'", Classifier(), Description(null, ("x", ["w"])));

    [Fact]
    public void FromBytes_OtherSha256_ShowsBoth()
    {
        var description = new BackboneDescription { Name = "x", Preprocessing = Preprocessing.ImageNet(Side), Sha256 = new string('0', 64) };
        AssertRefused("must be " + new string('0', 64), Classifier(), description);
    }

    [Fact]
    public void FromBytes_RightSha256InUpperCase_IsAccepted()
    {
        var onnx = Classifier().ToByteArray();
        var sha256 = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(onnx));
        var backbone = Backbone.FromBytes(onnx, new BackboneDescription { Name = "x", Preprocessing = Preprocessing.ImageNet(Side), Sha256 = sha256 }, "x.onnx");
        Assert.Equal("last", backbone.DefaultCut.Name);
    }

    [Theory]
    [InlineData(16, PixelOrder.Rgb)]
    [InlineData(Side, PixelOrder.Gray)]
    public void FromBytes_PreprocessingThatDoesNotFitTheInput_IsRefused(int side, PixelOrder order) =>
        AssertRefused("takes 3 x 8 x 8", Classifier(), new BackboneDescription { Name = "x", Preprocessing = Preprocessing.ImageNet(side) with { Order = order } });

    [Fact]
    public void FromBytes_OpenSide_NeedsADescription()
    {
        var model = Classifier();
        model.Graph.Input[0] = Value("image", "N", 3, "H", "W");
        AssertRefused("leaves it open", model, null);

        var backbone = Backbone.FromBytes(model.ToByteArray(), new BackboneDescription { Name = "x", Preprocessing = Preprocessing.ImageNet(12) }, "x");
        var cut = backbone.CutAt(backbone.DefaultCut);
        Assert.Equal(6, OnnxModels.Run(cut.Onnx, cut.OutputName, RandomFloats(3 * 12 * 12, 1), side: 12).Length);
    }

    [Fact]
    public void Load_MissingFile_NamesIt() =>
        Assert.Contains("nowhere.onnx", Assert.Throws<TransferException>(() => Backbone.Load("nowhere.onnx")).Message);

    [Fact]
    public void Load_BrokenDescription_NamesTheDescription()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("tiny.onnx"), Classifier().ToByteArray());
        File.WriteAllText(folder.File("tiny.json"), "{");
        Assert.Contains("tiny.json", Assert.Throws<TransferException>(() => Backbone.Load(folder.File("tiny.onnx"))).Message);
    }

    [Fact]
    public void Embedded_IsThereOrSaysWhatIsMissing()
    {
        if (typeof(Backbone).Assembly.GetManifestResourceNames().Contains("formula-resnet.onnx"))
            Assert.Same(Backbone.Embedded, Backbone.Embedded);
        else
            Assert.Contains("models/formula-resnet.onnx", Assert.Throws<TransferException>(() => Backbone.Embedded).Message);
    }

    internal static BackboneDescription Description(string? defaultCut, params (string Name, string[] Tensors)[] cuts) => new()
    {
        Name = "described",
        Licence = "MIT",
        Preprocessing = new Preprocessing { Side = Side, Mean = new(0.5f), Std = new(0.25f) },
        Cuts = [.. cuts.Select(cut => new CutDescription { Name = cut.Name, Tensors = cut.Tensors })],
        DefaultCut = defaultCut,
    };

    private static void AssertRefused(string message, ModelProto model, BackboneDescription? description)
    {
        var error = Assert.Throws<TransferException>(() => Backbone.FromBytes(model.ToByteArray(), description, "tiny.onnx"));
        Assert.Contains(message, error.Message);
        Assert.Contains("tiny.onnx", error.Message);
    }
}
