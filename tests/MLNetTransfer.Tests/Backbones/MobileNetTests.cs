using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using static MLNetTransfer.Tests.Backbones.OnnxModels;

namespace MLNetTransfer.Tests.Backbones;

/// <summary>A real network, against ONNX Runtime on the file as it is.</summary>
public sealed class MobileNetTests
{
    private const int Pixels = 3 * 224 * 224;
    private static readonly float[] Images = RandomFloats(3 * Pixels, 21);

    [Fact]
    public void Write_ParsedFile_GivesBitEqualOutputs()
    {
        var original = File.ReadAllBytes(Model());
        var written = OnnxFile.Write(OnnxFile.Parse(original, "mobilenet"));
        Assert.Equal(OnnxModels.Run(original, "output", Images[..Pixels], side: 224), OnnxModels.Run(written, "output", Images[..Pixels], side: 224));
    }

    [Fact]
    public void DefaultCut_MobileNetV2_IsItsGlobalAveragePool()
    {
        var backbone = Backbone.Load(Model());
        Assert.Equal(Preprocessing.ImageNet(224), backbone.Preprocessing);
        Assert.Equal("mobilenet-v2-1.0-224", backbone.Name);
        var cut = backbone.CutAt(backbone.DefaultCut);
        Assert.Equal(1280, cut.Dimensions);

        var uncut = OnnxModels.Run(File.ReadAllBytes(Model()), "globalaveragepool_97", Images, 3, side: 224);
        var together = OnnxModels.Run(cut.Onnx, cut.OutputName, Images, 3, side: 224);
        AssertClose(uncut, together, 1e-6);
        var apart = Images.Chunk(Pixels).SelectMany(image => OnnxModels.Run(cut.Onnx, cut.OutputName, image, side: 224)).ToArray();
        AssertClose(apart, together, 1e-5);
    }

    [Fact]
    public void CutAt_InnerMaps_AveragesAndConcatenatesThem()
    {
        var description = new BackboneDescription
        {
            Name = "mobilenet",
            Preprocessing = Preprocessing.ImageNet(224),
            Cuts = [new CutDescription { Name = "inner", Tensors = ["clip_3", "globalaveragepool_97"] }],
        };
        var backbone = Backbone.FromBytes(File.ReadAllBytes(Model()), description, "mobilenet");
        var cut = backbone.CutAt(backbone.DefaultCut);
        var features = OnnxModels.Run(cut.Onnx, cut.OutputName, Images[..Pixels], side: 224);

        var uncut = OnnxModels.Run(File.ReadAllBytes(Model()), Images[..Pixels], 1, 3, 224, "clip_3", "globalaveragepool_97");
        var means = uncut["clip_3"].Chunk(112 * 112).Select(map => map.Average());
        AssertClose([.. means, .. uncut["globalaveragepool_97"]], features, 1e-4);
        Assert.Equal(32 + 1280, cut.Dimensions);
    }

    [Fact]
    public void WithRandomWeights_MobileNetV2_StaysFiniteAndAlive() => RandomWeightsTests.AssertAlive(Backbone.Load(Model()).WithRandomWeights(1));

    [Fact]
    public void Parse_FileCutShort_IsATypedError()
    {
        var onnx = File.ReadAllBytes(Model());
        for (var i = 0; i < 20; i++)
            Assert.Throws<TransferException>(() => OnnxFile.Parse(onnx.AsSpan(0, (int)((long)onnx.Length * i / 20)), "mobilenet"));
    }

    private static string Model() => Repository.SharedOrSkip("models", "mobilenet-v2-1.0-224.onnx");
}
