namespace MLNetTransfer.Tests.Backbones.TensorFlow;

/// <summary>Operators that rearrange numbers: channels come first in the result, and nothing is transposed for it.</summary>
public sealed class ShapingTests
{
    private const double Tolerance = 1e-5;
    private static readonly float[] Filter = OnnxModels.RandomFloats(3 * 3 * 3 * 4, 2);
    private static readonly Map Image = Map.Random(6, 6, 3, 1);
    private static readonly Map Convolved = Image.Convolve(Filter, 3, 3, 3, 4, 1, 1, null, true);

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void MatMul_AfterAFlattenedMap_FollowsTheStoredOrder(bool isTransposed, bool isMeasured)
    {
        var weights = OnnxModels.RandomFloats(144 * 5, 3);
        var bias = OnnxModels.RandomFloats(144, 4);
        var graph = WithConvolution();
        if (isMeasured)
        {
            // As Keras flattens: the number of images is read from the shape.
            graph.Add("Shape", "shape", ["conv"]);
            graph.Add("StridedSlice", "images", ["shape", graph.Ints("begin", 0), graph.Ints("end", 1), graph.Ints("step", 1)], ("shrink_axis_mask", 1));
            graph.Add("Pack", "target", ["images", graph.Int("rest", -1)]);
        }
        else
        {
            graph.Ints("target", -1, 144);
        }
        graph.Add("Reshape", "flat", ["conv", "target"]);
        graph.Add("Relu", "relu", ["flat"]);
        graph.Add("Add", "biased", ["relu", graph.Floats("bias", bias, 144)]);
        graph.Floats("w2", isTransposed ? [.. Enumerable.Range(0, 720).Select(i => weights[(i % 144 * 5) + (i / 144)])] : weights, isTransposed ? [5, 144] : [144, 5]);
        graph.Add("MatMul", "output", ["biased", "w2"], ("transpose_b", isTransposed));
        var row = Convolved.Values.Select((v, i) => Math.Max(v, 0) + bias[i]).ToArray();
        Tensors.AssertClose([.. Enumerable.Range(0, 5).Select(o => row.Select((v, i) => v * weights[(i * 5) + o]).Sum())], graph.Run(Image, "output"), Tolerance);
    }

    [Theory]
    [InlineData("Concat", 3)]
    [InlineData("Concat", 1)]
    [InlineData("ConcatV2", -1)]
    [InlineData("ConcatV2", 2)]
    public void Concat_AnyAxis_IsThatOfTheStoredOrder(string type, int axis)
    {
        var graph = WithConvolution();
        graph.Add("Relu", "relu", ["conv"]);
        graph.Int("axis", axis);
        graph.Add(type, "output", type == "Concat" ? ["axis", "conv", "relu"] : ["conv", "relu", "axis"]);
        Map relu = Convolved.Each(v => Math.Max(v, 0)), expected = axis switch
        {
            1 => Map.Build(12, 6, 4, (y, x, c) => y < 6 ? Convolved[y, x, c] : relu[y - 6, x, c]),
            2 => Map.Build(6, 12, 4, (y, x, c) => x < 6 ? Convolved[y, x, c] : relu[y, x - 6, c]),
            _ => Map.Build(6, 6, 8, (y, x, c) => c < 4 ? Convolved[y, x, c] : relu[y, x, c - 4]),
        };
        Tensors.AssertClose(expected.Stored(), graph.Run(Image, "output"), Tolerance);
    }

    [Fact]
    public void Split_Channels_GivesEachPart()
    {
        var graph = WithConvolution();
        graph.Add("Split", "parts", [graph.Int("axis", 3), "conv"], ("num_split", 2));
        graph.Add("Sub", "output", ["parts:1", "parts"]);
        Tensors.AssertClose(Map.Build(6, 6, 2, (y, x, c) => Convolved[y, x, c + 2] - Convolved[y, x, c]).Stored(), graph.Run(Image, "output"), Tolerance);
    }

    [Theory]
    [InlineData(true, 1, 2)]
    [InlineData(false, 1, 2)]
    [InlineData(true, 3)]
    public void Mean_OverAxes_IsThatOfTheStoredOrder(bool keeps, params int[] axes)
    {
        var graph = WithConvolution();
        graph.Add("Mean", "output", ["conv", graph.Ints("axes", axes)], ("keep_dims", keeps));
        float[] expected = axes is [3] ? [.. Enumerable.Range(0, 36).Select(i => Convolved.Values.Skip(4 * i).Take(4).Average())] : Convolved.Means();
        Tensors.AssertClose(expected, graph.Run(Image, "output"), Tolerance);
    }

    [Fact]
    public void Squeeze_PooledMap_IsARow()
    {
        var weights = OnnxModels.RandomFloats(4 * 5, 3);
        var graph = WithConvolution();
        graph.Add("AvgPool", "pool", ["conv"], ("ksize", new[] { 1, 6, 6, 1 }), ("strides", new[] { 1, 1, 1, 1 }), ("padding", "VALID"));
        graph.Add("Squeeze", "row", ["pool"], ("squeeze_dims", new[] { 1, 2 }));
        graph.Add("MatMul", "logits", ["row", graph.Floats("fc", weights, 4, 5)]);
        graph.Add("Softmax", "probabilities", ["logits"]);
        graph.Add("ExpandDims", "expanded", ["probabilities", graph.Int("last", -1)]);
        graph.Add("Squeeze", "output", ["expanded"]);
        var logits = Enumerable.Range(0, 5).Select(o => Convolved.Means().Select((v, i) => v * weights[(i * 5) + o]).Sum()).ToArray();
        var sum = logits.Sum(MathF.Exp);
        Tensors.AssertClose([.. logits.Select(v => MathF.Exp(v) / sum)], graph.Run(Image, "output"), Tolerance);
        var imported = graph.Import();
        Assert.Equal(("probabilities", "pool", 4), (imported.Output, imported.DefaultCut, imported.Dimensions));
        Assert.Equal(["Conv", "GlobalAveragePool", "Flatten", "Gemm", "Softmax"], OnnxModels.Parse(imported.Onnx).Graph.Node.Select(node => node.OpType));
    }

    [Fact]
    public void Softmax_OfAMap_IsOverItsChannels()
    {
        var graph = WithConvolution();
        graph.Add("Softmax", "output", ["conv"]);
        var expected = Map.Build(6, 6, 4, (y, x, c) => MathF.Exp(Convolved[y, x, c]) / Enumerable.Range(0, 4).Sum(i => MathF.Exp(Convolved[y, x, i])));
        Tensors.AssertClose(expected.Stored(), graph.Run(Image, "output"), Tolerance);
    }

    [Fact]
    public void Transpose_ToChannelsFirstAndBack_MovesNothing()
    {
        var second = OnnxModels.RandomFloats(3 * 3 * 4 * 2, 3);
        var graph = WithConvolution();
        graph.Add("Transpose", "nchw", ["conv", graph.Ints("there", 0, 3, 1, 2)]);
        graph.Add("Conv2D", "second", ["nchw", graph.Floats("w2", second, 3, 3, 4, 2)], ("strides", new[] { 1, 1, 2, 2 }), ("padding", "SAME"), ("data_format", "NCHW"));
        graph.Add("BiasAdd", "bias", ["second", graph.Floats("b2", [1, 2], 2)], ("data_format", "NCHW"));
        graph.Add("Add", "shifted", ["bias", graph.Floats("b3", [3, 4], 2, 1, 1)]);
        graph.Add("Transpose", "output", ["shifted", graph.Ints("back", 0, 2, 3, 1)]);
        graph.Add("Relu", "relu", ["output"]);
        var expected = Convolved.Convolve(second, 3, 3, 4, 2, 2, 1, null, true).With(Map.Build(1, 1, 2, (_, _, c) => 4 + (2 * c)), (a, b) => a + b);
        Tensors.AssertClose(expected.Each(v => Math.Max(v, 0)).Stored(), graph.Run(Image, "relu"), Tolerance);
        Assert.Equal(["Conv", "Conv", "Relu"], OnnxModels.Parse(graph.Import("relu").Onnx).Graph.Node.Select(node => node.OpType));
    }

    [Fact]
    public void Read_GraphOfOneImage_TakesAny()
    {
        var graph = Graphs.WithInput(0, 0, 1, 6, 6, 3);
        graph.Add("Conv2D", "conv", ["input", graph.Floats("w", Filter, 3, 3, 3, 4)], ("strides", new[] { 1, 1, 1, 1 }), ("padding", "SAME"));
        graph.Add("Mean", "pool", ["conv", graph.Ints("axes", 1, 2)]);
        graph.Add("Reshape", "row", ["pool", graph.Ints("shape", 1, 4)]);
        graph.Add("Reshape", "map", ["row", graph.Ints("shape2", 1, 1, 1, -1)]);
        var two = OnnxModels.Run(graph.Import("map").Onnx, "map", [.. Image.Stored(), .. Image.Each(v => 2 * v).Stored()], 2, 3, 6);
        Tensors.AssertClose([.. Convolved.Means(), .. Convolved.Means().Select(v => 2 * v)], two, Tolerance);
    }

    [Fact]
    public void Reshape_ThatMixesImages_IsRefused()
    {
        var graph = WithConvolution();
        graph.Add("Reshape", "mixed", ["conv", graph.Ints("shape", -1, 6)]);
        graph.Add("Reshape", "torn", ["conv", graph.Ints("other", -1, 12, 3, 4)]);
        Assert.Contains("leaves the values of each image together", Assert.Throws<TransferException>(() => graph.Import("mixed")).Message);
        Assert.Contains("keeps the channels of a map apart", Assert.Throws<TransferException>(() => graph.Import("torn")).Message);
    }

    private static Graphs WithConvolution()
    {
        var graph = Graphs.WithInput(6);
        graph.Add("Conv2D", "conv", ["input", graph.Floats("w", Filter, 3, 3, 3, 4)], ("strides", new[] { 1, 1, 1, 1 }), ("padding", "SAME"));
        return graph;
    }
}
