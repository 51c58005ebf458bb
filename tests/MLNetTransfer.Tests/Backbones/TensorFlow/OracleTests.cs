using System.Runtime.InteropServices;
using System.Text.Json;
using MLNetTransfer.Backbones.TensorFlow;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Tests.Backbones.TensorFlow;

/// <summary>Whole networks, against the values another importer computed of their tensors.</summary>
public sealed class OracleTests
{
    /// <summary>Of the largest magnitude in a tensor.</summary>
    private const double Tolerance = 1e-3;

    [Theory]
    [InlineData("resnet-v2-tiny.frozen.pb", 4)]
    [InlineData("inception-v3-tiny.meta", 4)]
    [InlineData("inception-5h-tiny.frozen.pb", 4)]
    [InlineData("mobilenet-v1-0.25-224.frozen.pb", 5)]
    public void Read_PublishedArchitecture_ComputesEveryTensorOfTheOracle(string file, int tensors)
    {
        var folder = Repository.SharedOrSkip("oracles", "tensorflow");
        using var index = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "index.json")));
        var oracle = index.RootElement.EnumerateArray().Single(entry => entry.GetProperty("model").GetString() == file);
        var path = Path.Combine(folder, file);
        var imported = TensorFlowImport.Read(File.Exists(path) ? path : Repository.SharedOrSkip("models", file));

        var input = oracle.GetProperty("input");
        var shape = Ints(input.GetProperty("shape_nhwc"));
        var images = Tensors.ToChannelsFirst(Floats(folder, input), shape[1], shape[2], shape[3]);
        var outputs = oracle.GetProperty("outputs").EnumerateArray().ToDictionary(output => output.GetProperty("tensor").GetString()!);
        Assert.Equal(tensors, outputs.Count);
        var actual = OnnxModels.Run(imported.Onnx, images, shape[0], shape[3], shape[1], [.. outputs.Keys]);
        Assert.All(outputs, output => Tensors.AssertClose(
            output.Value.GetProperty("shape") is var stored && Ints(stored) is [_, var height, var width, var channels]
                ? Tensors.ToChannelsFirst(Floats(folder, output.Value), height, width, channels)
                : Floats(folder, output.Value),
            actual[output.Key], Tolerance));
    }

    [Theory]
    [InlineData("resnet-v2-tiny.frozen.pb", "resnet_v2_50/pool5", 48)]
    [InlineData("inception-v3-tiny.meta", "InceptionV3/Logits/AvgPool_1a_8x8", 52)]
    [InlineData("inception-5h-tiny.frozen.pb", "avgpool0", 36)]
    public void ToBackbone_PublishedArchitecture_IsCutAtThePooledFeatures(string file, string cut, int dimensions)
    {
        var imported = TensorFlowImport.Read(Repository.SharedOrSkip("oracles", "tensorflow", file));
        var backbone = imported.ToBackbone();
        Assert.Equal((cut, dimensions), (imported.DefaultCut, imported.Dimensions));
        Assert.Equal([cut], backbone.DefaultCut.Tensors);
        Assert.Equal(dimensions, backbone.DefaultCut.Dimensions);
    }

    private static int[] Ints(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetInt32())];

    private static float[] Floats(string folder, JsonElement entry) =>
        [.. MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, entry.GetProperty("file").GetString()!)))];
}
