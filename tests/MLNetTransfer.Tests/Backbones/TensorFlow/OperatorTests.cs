using MLNetTransfer.Backbones.TensorFlow;

namespace MLNetTransfer.Tests.Backbones.TensorFlow;

/// <summary>Layers with windows, against loops that do what TensorFlow's documentation says.</summary>
public sealed class OperatorTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<int, int, int, bool> Windows
    {
        get
        {
            var data = new TheoryData<int, int, int, bool>();
            foreach (var side in new[] { 7, 8, 9 })
                foreach (var window in new[] { 1, 2, 3, 5 })
                    foreach (var stride in new[] { 1, 2, 3 })
                    {
                        data.Add(side, window, stride, true);
                        data.Add(side, window, stride, false);
                    }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public void Layers_EveryWindow_ComputeWhatIsDocumented(int side, int window, int stride, bool isSame)
    {
        var image = Map.Random(side, side, 3, side);
        var (filter, depthwise) = (OnnxModels.RandomFloats(window * window * 3 * 4, 2), OnnxModels.RandomFloats(window * window * 3 * 2, 3));
        var graph = Graphs.WithInput(side);
        (string, object)[] attributes = [("strides", new[] { 1, stride, stride, 1 }), ("padding", isSame ? "SAME" : "VALID")];
        (string, object)[] pooling = [.. attributes, ("ksize", new[] { 1, window, window, 1 })];
        graph.Add("Conv2D", "conv", ["input", graph.Floats("w", filter, window, window, 3, 4)], attributes);
        graph.Add("DepthwiseConv2dNative", "depthwise", ["input", graph.Floats("d", depthwise, window, window, 3, 2)], attributes);
        graph.Add("MaxPool", "max", ["input"], pooling);
        graph.Add("AvgPool", "mean", ["input"], pooling);

        Assert(image.Convolve(filter, window, window, 3, 4, stride, 1, null, isSame), graph, image, "conv");
        Assert(image.ConvolveDepthwise(depthwise, window, window, 2, stride, isSame), graph, image, "depthwise");
        Assert(image.Pool(window, stride, isSame, isMean: false), graph, image, "max");
        Assert(image.Pool(window, stride, isSame, isMean: true), graph, image, "mean");
    }

    [Theory]
    [InlineData(1, 7, 2, 1)]
    [InlineData(7, 1, 1, 2)]
    [InlineData(3, 3, 1, 2)]
    [InlineData(3, 2, 1, 3)]
    public void Conv2D_UnevenAndDilated_ComputesWhatIsDocumented(int rows, int columns, int stride, int dilation)
    {
        var image = Map.Random(11, 11, 3, 1);
        var filter = OnnxModels.RandomFloats(rows * columns * 3 * 5, 2);
        foreach (var isSame in new[] { true, false })
        {
            var graph = Graphs.WithInput(11);
            graph.Floats("w", filter, rows, columns, 3, 5);
            // Seven taps two apart do not fit on eleven rows.
            if (!isSame && rows == 7)
                continue;
            graph.Add("Conv2D", "conv", ["input", "w"], ("strides", new[] { 1, stride, stride, 1 }), ("dilations", new[] { 1, dilation, dilation, 1 }), ("padding", isSame ? "SAME" : "VALID"));
            Assert(image.Convolve(filter, rows, columns, 3, 5, stride, dilation, null, isSame), graph, image, "conv");
        }
    }

    [Fact]
    public void Conv2D_ExplicitPaddingAndGroups_ComputesWhatIsDocumented()
    {
        var image = Map.Random(9, 9, 3, 1);
        var (filter, grouped) = (OnnxModels.RandomFloats(3 * 3 * 3 * 4, 2), OnnxModels.RandomFloats(2 * 2 * 2 * 6, 3));
        var graph = Graphs.WithInput(9);
        graph.Add("Conv2D", "conv", ["input", graph.Floats("w", filter, 3, 3, 3, 4)], ("strides", new[] { 1, 2, 2, 1 }), ("padding", "EXPLICIT"), ("explicit_paddings", new[] { 0, 0, 2, 2, 1, 1, 0, 0 }));
        graph.Add("Conv2D", "grouped", ["conv", graph.Floats("g", grouped, 2, 2, 2, 6)], ("strides", new[] { 1, 1, 1, 1 }), ("padding", "SAME"));
        var conv = image.Convolve(filter, 3, 3, 3, 4, 2, 1, (2, 1), false);
        Assert(conv, graph, image, "conv");
        Assert(conv.Convolve(grouped, 2, 2, 2, 6, 1, 1, null, true), graph, image, "grouped");
    }

    [Theory]
    [InlineData("Conv2D", 8)]
    [InlineData("Conv2D", 9)]
    [InlineData("DepthwiseConv2dNative", 9)]
    public void SpaceToBatchND_AroundAConvolution_IsItsDilation(string type, int side)
    {
        // TensorFlow 1 spells a dilated 3 x 3 convolution of rate 2 with SAME padding as: pad by 2, and by what makes the size even.
        var crop = side % 2;
        var image = Map.Random(side, side, 3, 1);
        var filter = OnnxModels.RandomFloats(3 * 3 * 3 * (type == "Conv2D" ? 4 : 2), 2);
        var graph = Graphs.WithInput(side);
        graph.Add("SpaceToBatchND", "split", ["input", graph.Ints("block", 2, 2), Ints2(graph, "pads", 2, 2 + crop, 2, 2 + crop)]);
        graph.Add(type, "conv", ["split", graph.Floats("w", filter, 3, 3, 3, type == "Conv2D" ? 4 : 2)], ("strides", new[] { 1, 1, 1, 1 }), ("padding", "VALID"));
        graph.Add("BatchToSpaceND", "joined", ["conv", "block", Ints2(graph, "crops", 0, crop, 0, crop)]);
        var expected = type == "Conv2D"
            ? image.Convolve(filter, 3, 3, 3, 4, 1, 2, null, true)
            : image.Convolve(Spread(filter), 3, 3, 3, 6, 1, 2, null, true);
        Assert(expected, graph, image, "joined");
        var conv = Xunit.Assert.Single(OnnxModels.Parse(graph.Import("joined").Onnx).Graph.Node);
        Xunit.Assert.Equal("Conv", conv.OpType);

        // Depthwise filters as full ones: zero where channels do not meet.
        static float[] Spread(float[] depthwise)
        {
            var full = new float[9 * 3 * 6];
            for (var i = 0; i < depthwise.Length; i++)
                full[(((i / 6 * 3) + (i % 6 / 2)) * 6) + (i % 6)] = depthwise[i];
            return full;
        }
    }

    [Fact]
    public void Pad_BeforeAConvolution_BecomesPartOfIt()
    {
        var image = Map.Random(8, 8, 3, 1);
        var filter = OnnxModels.RandomFloats(3 * 3 * 3 * 4, 2);
        var graph = Graphs.WithInput(8);
        graph.Add("Pad", "pad", ["input", Ints2(graph, "pads", 0, 0, 1, 2, 3, 0, 0, 0)]);
        graph.Add("Conv2D", "conv", ["pad", graph.Floats("w", filter, 3, 3, 3, 4)], ("strides", new[] { 1, 2, 2, 1 }), ("padding", "VALID"));
        Assert(image.Pad(1, 2, 3, 0).Convolve(filter, 3, 3, 3, 4, 2, 1, null, false), graph, image, "conv");
        Xunit.Assert.Equal("Conv", Xunit.Assert.Single(OnnxModels.Parse(graph.Import("conv").Onnx).Graph.Node).OpType);
    }

    [Fact]
    public void Pad_OnItsOwn_AddsTheValue()
    {
        var image = Map.Random(4, 4, 3, 1);
        var graph = Graphs.WithInput(4);
        var pads = Ints2(graph, "pads", 0, 0, 1, 2, 3, 0, 1, 0);
        graph.Add("PadV2", "pad", ["input", pads, graph.Float("value", 7)]);
        graph.Add("MirrorPad", "mirror", ["input", Ints2(graph, "mirrored", 0, 0, 1, 2, 0, 1, 0, 0)], ("mode", "REFLECT"));
        Assert(Map.Build(7, 7, 4, (y, x, c) => y is >= 1 and < 5 && x >= 3 && c >= 1 ? image[y - 1, x - 3, c - 1] : 7), graph, image, "pad");
        Assert(Map.Build(7, 5, 3, (y, x, c) => image[Mirrored(y - 1), Mirrored(x), c]), graph, image, "mirror");

        static int Mirrored(int i) => i < 0 ? -i : i > 3 ? 6 - i : i;
    }

    [Fact]
    public void LRN_DefinedByNeighbours_IsRescaledForOnnx()
    {
        var image = Map.Random(5, 5, 8, 1);
        var graph = Graphs.WithInput(5, 3);
        var filter = OnnxModels.RandomFloats(3 * 8, 2);
        graph.Add("Conv2D", "conv", ["input", graph.Floats("w", filter, 1, 1, 3, 8)], ("strides", new[] { 1, 1, 1, 1 }), ("padding", "SAME"));
        graph.Add("LRN", "lrn", ["conv"], ("depth_radius", 2), ("bias", 1.5f), ("alpha", 0.7f), ("beta", 0.75f));
        image = Map.Random(5, 5, 3, 1);
        var conv = image.Convolve(filter, 1, 1, 3, 8, 1, 1, null, true);
        var expected = Map.Build(5, 5, 8, (y, x, c) =>
            conv[y, x, c] / MathF.Pow(1.5f + (0.7f * Enumerable.Range(0, 8).Where(i => Math.Abs(i - c) <= 2).Sum(i => conv[y, x, i] * conv[y, x, i])), 0.75f));
        Assert(expected, graph, image, "lrn");
    }

    internal static string Ints2(Graphs graph, string name, params int[] values) => graph.Constant(
        name, new TensorDef { Dtype = (int)DataType.Int32, TensorShape = Graphs.Shape(values.Length / 2, 2), IntVal = { values } });

    private static void Assert(Map expected, Graphs graph, Map image, string output) =>
        Tensors.AssertClose(expected.Stored(), graph.Run(image, output), Tolerance);
}
