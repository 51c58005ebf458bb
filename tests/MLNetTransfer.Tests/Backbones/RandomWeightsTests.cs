using Google.Protobuf;
using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Onnx;
using static MLNetTransfer.Tests.Backbones.OnnxModels;

namespace MLNetTransfer.Tests.Backbones;

public sealed class RandomWeightsTests
{
    [Fact]
    public void WithRandomWeights_SameSeed_IsTheSameBackbone()
    {
        var backbone = Backbone.FromBytes(Classifier().ToByteArray(), null, "tiny");
        var (one, again, other) = (backbone.WithRandomWeights(1), backbone.WithRandomWeights(1), backbone.WithRandomWeights(2));
        Assert.Equal(one.Sha256, again.Sha256);
        Assert.NotEqual(one.Sha256, other.Sha256);
        Assert.NotEqual(one.Sha256, backbone.Sha256);
        Assert.Equal("last (6)", one.FindCut("last").ToString());
        Assert.Equal(one.CutAt(one.DefaultCut).Onnx, again.CutAt(again.DefaultCut).Onnx);
    }

    [Fact]
    public void WithRandomWeights_LargeLayer_HasTheVarianceOfHe()
    {
        const int Filters = 512;
        var model = Network([Node("Conv", ["map", "k", "kb"], "wide")], [Floats("k", [Filters, 6, 3, 3], 5), Floats("kb", [Filters], 6)]);
        model.Graph.Output[0].Name = "wide";
        var backbone = Backbone.FromBytes(model.ToByteArray(), BackboneTests.Description(null, ("wide", ["wide"])), "wide").WithRandomWeights(3);
        var graph = ModelProto.Parser.ParseFrom(backbone.CutAt(backbone.DefaultCut).Onnx).Graph;

        var weights = Values(graph, "k");
        // 27,648 draws of variance 2/54: the standard error of the variance is .85 %, of the mean .0012.
        Assert.InRange(weights.Select(w => (double)w * w).Average() * 54 / 2, 0.96, 1.04);
        Assert.InRange(weights.Average(), -0.006, 0.006);
        Assert.All(Values(graph, "kb"), bias => Assert.Equal(0, bias));
    }

    [Fact]
    public void WithRandomWeights_BatchNormalisation_BecomesTheIdentity()
    {
        var model = Network(
            [Node("BatchNormalization", ["map", "scale", "shift", "mean", "variance"], "output")],
            [Floats("scale", [6], 1), Floats("shift", [6], 2), Floats("mean", [6], 3), Floats("variance", [6], 4)]);
        var backbone = Backbone.FromBytes(model.ToByteArray(), BackboneTests.Description(null, ("map", ["map"]), ("normal", ["output"])), "bn").WithRandomWeights(1);
        var image = RandomFloats(3 * Side * Side, 2);
        var (before, after) = (backbone.CutAt(backbone.FindCut("map")), backbone.CutAt(backbone.FindCut("normal")));
        AssertClose(OnnxModels.Run(before.Onnx, before.OutputName, image), OnnxModels.Run(after.Onnx, after.OutputName, image), 1e-4);
    }

    [Fact]
    public void WithRandomWeights_DeepResidualNetwork_StaysFiniteAndAlive()
    {
        var (nodes, weights) = (new List<NodeProto>(), new List<TensorProto>());
        var map = "map";
        for (var block = 0; block < 20; block++)
        {
            weights.AddRange([Floats($"w{block}a", [6, 6, 3, 3], block), Floats($"w{block}b", [6, 6, 3, 3], block)]);
            nodes.AddRange([
                Node("Conv", [map, $"w{block}a"], $"c{block}a", Ints("pads", 1, 1, 1, 1)), Node("Relu", [$"c{block}a"], $"r{block}"),
                Node("Conv", [$"r{block}", $"w{block}b"], $"c{block}b", Ints("pads", 1, 1, 1, 1)), Node("Add", [$"c{block}b", map], $"s{block}"),
                Node("Relu", [$"s{block}"], $"block{block}")]);
            map = $"block{block}";
        }
        var model = Network(nodes, weights);
        model.Graph.Output[0].Name = map;
        AssertAlive(Backbone.FromBytes(model.ToByteArray(), BackboneTests.Description(null, ("end", [map])), "deep").WithRandomWeights(1));
    }

    [Fact]
    public void WithRandomWeights_ComputedWeights_AreRefused()
    {
        var model = Network([Node("Identity", ["k"], "copy"), Node("Conv", ["map", "copy"], "output")], [Floats("k", [4, 6, 1, 1], 5)]);
        var backbone = Backbone.FromBytes(model.ToByteArray(), BackboneTests.Description(null, ("end", ["output"])), "computed");
        Assert.Contains("Conv 'output'", Assert.Throws<TransferException>(() => backbone.WithRandomWeights(1)).Message);
    }

    /// <summary>Features of random images are finite, of an ordinary size, and differ between images.</summary>
    internal static void AssertAlive(Backbone backbone)
    {
        var side = backbone.Preprocessing.Side;
        var cut = backbone.CutAt(backbone.DefaultCut);
        var features = OnnxModels.Run(cut.Onnx, cut.OutputName, RandomFloats(2 * 3 * side * side, 4), 2, side: side);
        Assert.All(features, value => Assert.InRange(Math.Abs(value), 0, 1e6));
        var (first, second) = (features[..cut.Dimensions], features[cut.Dimensions..]);
        Assert.True(first.Distinct().Count() > cut.Dimensions / 4, "Features are constant.");
        Assert.NotEqual(first, second);
    }

    private static float[] Values(GraphProto graph, string tensor) =>
        System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(graph.Initializer.Single(i => i.Name == tensor).RawData.Span).ToArray();
}
