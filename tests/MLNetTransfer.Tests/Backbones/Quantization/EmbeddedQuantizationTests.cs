using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Backbones.Quantization;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Tests.Backbones.Quantization;

public sealed class EmbeddedQuantizationTests
{
    private static readonly string[] Photos =
        [.. ImageFiles.Find([Repository.Path("data", "surfaces", "asphalt", "train")]).Where((_, i) => i % 4 == 0)];

    private static QuantizationOptions Options => new() { ReducedRange = ProcessorFacts.NeedsReducedRange };

    [Fact]
    public void Quantize_TheEmbeddedBackbone_KeepsItsFeatures()
    {
        var backbone = Backbone.Embedded;

        var quantised = BackboneQuantizer.Quantize(backbone, backbone.DefaultCut, Photos[..16], Options);

        Assert.Equal(backbone.Cuts.Select(cut => (cut.Name, cut.Dimensions)), quantised.Backbone.Cuts.Select(cut => (cut.Name, cut.Dimensions)));
        Assert.InRange(quantised.FloatConvolutions, 0, 2);
        Assert.True(quantised.Onnx.Length < backbone.CutAt(backbone.DefaultCut).Onnx.Length / 3);
        var (exact, integer) = (Features(backbone), Features(quantised.Backbone));
        Assert.Equal(Photos.Length - 16, exact.Rows);
        for (var row = 0; row < exact.Rows; row++)
            Assert.InRange(System.Numerics.Tensors.TensorPrimitives.CosineSimilarity(exact.Row(row), integer.Row(row)), 0.995f, 1.001f);
        Assert.InRange(FeatureNoise.Decibels(exact, integer), 18, 60);
    }

    [Fact]
    public void Quantize_TheEmbeddedBackbone_HasWeightsWithinHalfAStep()
    {
        var backbone = Backbone.Embedded;
        var original = ModelProto.Parser.ParseFrom(backbone.CutAt(backbone.DefaultCut).Onnx).Graph;

        var graph = ModelProto.Parser.ParseFrom(BackboneQuantizer.Quantize(backbone, backbone.DefaultCut, Photos[..16], Options).Onnx).Graph;

        // A layer that integers lose too much of stays in floats.
        var quantised = graph.Initializer.Select(tensor => tensor.Name).Where(name => name.EndsWith("/weight_quantized", StringComparison.Ordinal)).ToHashSet();
        var layers = original.Node.Where(node => node.OpType == "Conv" && quantised.Contains($"{node.Output[0]}/weight_quantized")).ToList();
        Assert.InRange(layers.Count, 12, 14);
        foreach (var node in layers)
        {
            // The output of a quantised convolution that absorbed a ReLU is called after the ReLU.
            var weights = original.Floats(node.Input[1])!;
            var scales = graph.Floats($"{node.Output[0]}/weight/scale")!;
            var integers = graph.Initializer.Single(tensor => tensor.Name == $"{node.Output[0]}/weight_quantized").RawData.ToByteArray();
            for (var i = 0; i < weights.Length; i++)
            {
                var scale = scales[i / (weights.Length / scales.Length)];
                Assert.InRange(Math.Abs(((sbyte)integers[i] * (double)scale) - weights[i]), 0, 0.50001 * scale);
            }
        }
    }

    private static FeatureMatrix Features(Backbone backbone)
    {
        using var extractor = new BottleneckExtractor(backbone.CutAt(backbone.DefaultCut));
        return extractor.Extract(Photos[16..]).Features;
    }
}
