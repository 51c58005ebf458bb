using Google.Protobuf;
using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Explanation;
using MLNetTransfer.Images;
using MLNetTransfer.Tests.Backbones;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Tests.Explanation;

public sealed class ExplainedNetworkTests
{
    [Fact]
    public void Run_EveryCutOfTheEmbeddedBackbone_GivesMapsWhoseMeansAreTheFeatures()
    {
        foreach (var cut in Backbone.Embedded.Cuts)
            Assert.True(AssertMeans(Backbone.Embedded.CutAt(cut)));
    }

    [Fact]
    public void Run_EveryCutOfMobileNet_GivesMapsWhoseMeansAreTheFeaturesButForClassScores()
    {
        var mobileNet = Backbone.Load(Repository.SharedOrSkip("models", "mobilenet-v2-1.0-224.onnx"));
        foreach (var cut in mobileNet.Cuts)
            Assert.Equal(cut.Name != "output", AssertMeans(mobileNet.CutAt(cut)));
    }

    // Between the maps and the features: the graph's own ways of averaging and rearranging, or others, which have no maps.
    [Theory]
    [InlineData("GlobalAveragePool", true)]
    [InlineData("ReduceMean", true)]
    [InlineData("AveragePool", true)]
    [InlineData("AveragePool of a part", false)]
    [InlineData("GlobalMaxPool", false)]
    [InlineData("Relu after the average", false)]
    public void HasOnlyMaps_GraphThatPools_IsTrueWhereTheFeaturesAreMeans(string pooling, bool expected)
    {
        NodeProto[] nodes = pooling switch
        {
            "ReduceMean" => [OnnxModels.Node("ReduceMean", ["map"], "pool", OnnxModels.Ints("axes", 2, 3), OnnxModels.Int("keepdims", 0)), OnnxModels.Node("Identity", ["pool"], "output")],
            "AveragePool" => [OnnxModels.Node("AveragePool", ["map"], "pool", OnnxModels.Ints("kernel_shape", 8, 8)), OnnxModels.Node("Flatten", ["pool"], "output")],
            "AveragePool of a part" =>
                [OnnxModels.Node("AveragePool", ["map"], "pool", OnnxModels.Ints("kernel_shape", 7, 7), OnnxModels.Ints("strides", 2, 2)), OnnxModels.Node("Flatten", ["pool"], "output")],
            "Relu after the average" =>
                [OnnxModels.Node("GlobalAveragePool", ["map"], "pool"), OnnxModels.Node("Relu", ["pool"], "relu"), OnnxModels.Node("Flatten", ["relu"], "output")],
            _ => [OnnxModels.Node(pooling, ["map"], "pool"), OnnxModels.Node("Flatten", ["pool"], "output")],
        };
        var model = OnnxModels.Network(nodes, []);
        using var network = new ExplainedNetwork(model.ToByteArray(), Preprocessing.ImageNet(OnnxModels.Side), "test", threads: 1);
        Assert.Equal(expected, network.HasOnlyMaps);
        Assert.Equal(6, network.Parts.Sum(part => part.Channels));
        if (!expected)
            return;
        var image = OnnxModels.RandomFloats(3 * OnnxModels.Side * OnnxModels.Side, 5);
        var (features, maps) = network.Run(image);
        AssertMeans(features, network.Parts, maps);
        OnnxModels.AssertClose(OnnxModels.Run(model.ToByteArray(), image, 1, 3, OnnxModels.Side, "map")["map"], maps(network.Parts[0]), 1e-6);
    }

    /// <summary>Checks every feature that has a map.</summary>
    /// <returns>Whether all have.</returns>
    private static bool AssertMeans(BackboneCut cut)
    {
        using var network = new ExplainedNetwork(cut.Onnx, cut.Backbone.Preprocessing, cut.Backbone.Name, threads: 1);
        var (features, maps) = network.Run(OnnxModels.RandomFloats(cut.Backbone.Preprocessing.TensorLength, 5));
        Assert.Equal(cut.Cut.Dimensions, network.Parts.Sum(part => part.Channels));
        AssertMeans(features, network.Parts, maps);
        return network.HasOnlyMaps;
    }

    private static void AssertMeans(float[] features, IReadOnlyList<TensorShape> parts, Func<TensorShape, float[]> maps)
    {
        var feature = 0;
        foreach (var part in parts)
        {
            if (part.IsSpatial)
                OnnxModels.AssertClose([.. maps(part).Chunk(part.Height * part.Width).Select(map => map.Average())], features[feature..(feature + part.Channels)], 1e-4);
            feature += part.Channels;
        }
    }
}
