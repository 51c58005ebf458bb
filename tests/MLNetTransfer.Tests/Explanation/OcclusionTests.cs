using Google.Protobuf;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Explanation;
using MLNetTransfer.Heads;
using MLNetTransfer.Images;
using MLNetTransfer.Tests.Backbones;

namespace MLNetTransfer.Tests.Explanation;

public sealed class OcclusionTests
{
    private const int Side = 16;

    // The network sees a square of 4 x 4 pixels alone, rows 4 to 7 and columns 8 to 11.
    private static bool IsSeen(int y, int x) => y is >= 4 and < 8 && x is >= 8 and < 12;

    [Theory]
    [InlineData(TensorLayout.Nchw)]
    [InlineData(TensorLayout.Nhwc)]
    public void Of_ANetworkThatSeesOneSquare_DropsThereAndNowhereElse(TensorLayout layout)
    {
        var preprocessing = new Preprocessing { Side = Side, Order = PixelOrder.Gray, Layout = layout };
        using var network = new ExplainedNetwork(SquareNetwork(layout), preprocessing, "square", threads: 1);
        var head = new LinearHead(["a", "b"], 1, .5f, [40], [-1]);
        float[] tensor = [.. Enumerable.Range(0, Side * Side).Select(i => IsSeen(i / Side, i % Side) ? 1f : 0f)];
        var map = Occlusion.Of(network, head, tensor, 1, new ExplanationOptions { Patch = .25, Stride = .25 }, CancellationToken.None);

        // 16 of 256 pixels are 1; covered, they have the mean of the image, 1/16.
        var expected = Sigmoid(40 * 16 / 256d - 1) - Sigmoid(40 / 256d - 1);
        Assert.Equal((4, 4), (map.Rows, map.Columns));
        for (var row = 0; row < 4; row++)
            for (var column = 0; column < 4; column++)
                Assert.Equal((row, column) == (1, 2) ? expected : 0, map[row, column], 1e-6);
    }

    [Fact]
    public void Of_PatchesThatOverlap_DropByTheShareTheyCover()
    {
        var preprocessing = new Preprocessing { Side = Side, Order = PixelOrder.Gray };
        using var network = new ExplainedNetwork(SquareNetwork(TensorLayout.Nchw), preprocessing, "square", threads: 1);
        var head = new LinearHead(["a", "b"], 1, .5f, [40], [-1]);
        float[] tensor = [.. Enumerable.Range(0, Side * Side).Select(i => IsSeen(i / Side, i % Side) ? 1f : 0f)];
        var map = Occlusion.Of(network, head, tensor, 1, new ExplanationOptions { Patch = .25, Stride = .125 }, CancellationToken.None);

        // Cells of 2 pixels; the patch of 4 around the middle of cell i covers 2 i - 1 to 2 i + 2.
        for (var row = 0; row < 8; row++)
            for (var column = 0; column < 8; column++)
            {
                var covered = Enumerable.Range(2 * row - 1, 4).Sum(y => Enumerable.Range(2 * column - 1, 4).Count(x => IsSeen(y, x)));
                var expected = Sigmoid(40 * 16 / 256d - 1) - Sigmoid(40 * (16 - covered * 15 / 16d) / 256 - 1);
                Assert.Equal(expected, map[row, column], 1e-6);
            }
    }

    private static byte[] SquareNetwork(TensorLayout layout)
    {
        var isPlanar = layout == TensorLayout.Nchw;
        var mask = OnnxModels.Floats("mask", isPlanar ? [1, 1, Side, Side] : [1, Side, Side, 1], 1);
        mask.SetFloats([.. Enumerable.Range(0, Side * Side).Select(i => IsSeen(i / Side, i % Side) ? 1f : 0f)]);
        var graph = new GraphProto { Name = "square", Initializer = { mask } };
        graph.Input.Add(isPlanar ? OnnxModels.Value("image", "N", 1, Side, Side) : OnnxModels.Value("image", "N", Side, Side, 1));
        graph.Node.Add(OnnxModels.Node("Mul", ["image", "mask"], "seen"));
        graph.Node.Add(isPlanar
            ? OnnxModels.Node("GlobalAveragePool", ["seen"], "pool")
            : OnnxModels.Node("ReduceMean", ["seen"], "pool", OnnxModels.Ints("axes", 1, 2), OnnxModels.Int("keepdims", 1)));
        graph.Node.Add(OnnxModels.Node("Flatten", ["pool"], "features"));
        graph.Output.Add(OnnxModels.Value("features", "N", 1));
        return new ModelProto { IrVersion = 8, Graph = graph, OpsetImport = { new OperatorSetIdProto { Version = 13 } } }.ToByteArray();
    }

    private static double Sigmoid(double score) => 1 / (1 + Math.Exp(-score));
}
