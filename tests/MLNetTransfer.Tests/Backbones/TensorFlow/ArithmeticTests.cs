namespace MLNetTransfer.Tests.Backbones.TensorFlow;

/// <summary>Operators of single numbers and channels, and what is folded into weights.</summary>
public sealed class ArithmeticTests
{
    private const double Tolerance = 1e-5;
    private static readonly float[] Filter = OnnxModels.RandomFloats(3 * 3 * 3 * 4, 2);
    private static readonly Map Image = Map.Random(6, 6, 3, 1);
    private static readonly Map Convolved = Image.Convolve(Filter, 3, 3, 3, 4, 1, 1, null, true);

    [Theory]
    [InlineData("Relu")]
    [InlineData("Relu6")]
    [InlineData("LeakyRelu")]
    [InlineData("Elu")]
    [InlineData("Sigmoid")]
    [InlineData("Tanh")]
    [InlineData("Softplus")]
    [InlineData("Exp")]
    [InlineData("Abs")]
    [InlineData("Neg")]
    [InlineData("Square")]
    public void Unary_OfAMap_ComputesWhatIsDocumented(string type)
    {
        var graph = WithConvolution();
        graph.Add(type, "output", ["conv"]);
        Func<float, float> function = type switch
        {
            "Relu" => v => Math.Max(v, 0),
            "Relu6" => v => Math.Clamp(v, 0, 6),
            "LeakyRelu" => v => v < 0 ? 0.2f * v : v,
            "Elu" => v => v < 0 ? MathF.Exp(v) - 1 : v,
            "Sigmoid" => v => 1 / (1 + MathF.Exp(-v)),
            "Tanh" => MathF.Tanh,
            "Softplus" => v => MathF.Log(1 + MathF.Exp(v)),
            "Exp" => MathF.Exp,
            "Abs" => Math.Abs,
            "Neg" => v => -v,
            _ => v => v * v,
        };
        Assert(Convolved.Each(function), graph, "output");
    }

    [Fact]
    public void RootsAndQuotients_OfPositiveNumbers_ComputeWhatIsDocumented()
    {
        var graph = WithConvolution();
        graph.Add("Square", "square", ["conv"]);
        graph.Add("Add", "positive", ["square", graph.Float("one", 1)]);
        graph.Add("Sqrt", "sqrt", ["positive"]);
        graph.Add("Rsqrt", "rsqrt", ["positive"]);
        graph.Add("RealDiv", "quotient", [graph.Float("two", 2), "positive"]);
        graph.Add("Reciprocal", "reciprocal", ["positive"]);
        Assert(Convolved.Each(v => 2 / ((v * v) + 1)), graph, "quotient");
        Assert(Convolved.Each(v => 1 / ((v * v) + 1)), graph, "reciprocal");
        Assert(Convolved.Each(v => MathF.Sqrt((v * v) + 1)), graph, "sqrt");
        Assert(Convolved.Each(v => 1 / MathF.Sqrt((v * v) + 1)), graph, "rsqrt");
    }

    [Theory]
    [InlineData("Add", 1, 1, 4)]
    [InlineData("Sub", 1, 1, 4)]
    [InlineData("Mul", 1, 1, 4)]
    [InlineData("RealDiv", 1, 1, 4)]
    [InlineData("Maximum", 1, 1, 4)]
    [InlineData("Mul", 6, 6, 4)]
    [InlineData("Add", 6, 1, 4)]
    [InlineData("Sub", 1, 6, 1)]
    [InlineData("AddV2", 1, 1, 1)]
    public void Binary_WithAConstant_ComputesWhatIsDocumented(string type, int height, int width, int channels)
    {
        var other = Map.Random(height, width, channels, 5);
        // A quotient of numbers near 0 tells nothing; the other way round it is tested with the roots.
        foreach (var isFirst in type == "RealDiv" ? [false] : new[] { false, true })
        {
            var graph = WithConvolution();
            graph.Floats("constant", other.Values, [.. new[] { height, width, channels }.SkipWhile(d => d == 1)]);
            graph.Add(type, "output", isFirst ? ["constant", "conv"] : ["conv", "constant"]);
            Func<float, float, float> function = type switch
            {
                "Add" or "AddV2" => (a, b) => a + b,
                "Sub" => (a, b) => a - b,
                "Mul" => (a, b) => a * b,
                "RealDiv" => (a, b) => a / b,
                _ => Math.Max,
            };
            Assert(Convolved.With(other, isFirst ? (a, b) => function(b, a) : function), graph, "output");
        }
    }

    [Fact]
    public void BatchNorm_SpelledOut_IsFoldedIntoTheConvolution()
    {
        var (gamma, beta, mean, variance) = Normalisation();
        var graph = WithConvolution();
        graph.Add("Add", "v", [graph.Floats("variance", variance, 4), graph.Float("epsilon", 0.001f)]);
        graph.Add("Rsqrt", "r", ["v"]);
        graph.Add("Mul", "s", ["r", graph.Floats("gamma", gamma, 4)]);
        graph.Add("Mul", "scaled", ["conv", "s"]);
        graph.Add("Mul", "m", ["s", graph.Floats("mean", mean, 4)]);
        graph.Add("Sub", "shift", [graph.Floats("beta", beta, 4), "m"]);
        graph.Add("Add", "output", ["scaled", "shift"]);
        Assert(Normalised(Convolved, gamma, beta, mean, variance, 0.001f), graph, "output");
        Xunit.Assert.Equal(["Conv"], Operators(graph, "output"));
    }

    [Theory]
    [InlineData("FusedBatchNorm")]
    [InlineData("FusedBatchNormV3")]
    [InlineData("BatchNormWithGlobalNormalization")]
    public void BatchNorm_Fused_IsFoldedOnlyWhereNobodyElseReads(string type)
    {
        var (gamma, beta, mean, variance) = Normalisation();
        var graph = WithConvolution();
        foreach (var (name, values) in new[] { ("gamma", gamma), ("beta", beta), ("mean", mean), ("variance", variance) })
            graph.Floats(name, values, 4);
        if (type == "BatchNormWithGlobalNormalization")
            graph.Add(type, "norm", ["conv", "mean", "variance", "beta", "gamma"], ("variance_epsilon", 0.01f), ("scale_after_normalization", true));
        else
            graph.Add(type, "norm", ["conv", "gamma", "beta", "mean", "variance"], ("epsilon", 0.01f), ("is_training", false));
        graph.Add("Relu", "relu", ["norm"]);
        graph.Add("Add", "both", ["conv", "relu"]);
        var expected = Normalised(Convolved, gamma, beta, mean, variance, 0.01f);
        Assert(expected, graph, "norm");
        Assert(Convolved.With(expected.Each(v => Math.Max(v, 0)), (a, b) => a + b), graph, "both");
        Xunit.Assert.Equal(["Conv"], Operators(graph, "norm"));
        Xunit.Assert.Equal(["Conv", "BatchNormalization", "Relu", "Add"], Operators(graph, "both"));
    }

    [Fact]
    public void FusedBatchNorm_InTraining_IsRefused()
    {
        var graph = WithConvolution();
        graph.Floats("c", [1, 1, 1, 1], 4);
        graph.Add("FusedBatchNorm", "norm", ["conv", "c", "c", "c", "c"]);
        Xunit.Assert.Contains("Export the network for inference", Xunit.Assert.Throws<TransferException>(() => graph.Import("norm")).Message);
    }

    [Fact]
    public void Bias_ReadByTwoConvolutions_IsAppliedToEach()
    {
        var graph = WithConvolution();
        graph.Add("Conv2D", "other", ["input", "w"], ("strides", new[] { 1, 1, 1, 1 }), ("padding", "SAME"));
        graph.Add("BiasAdd", "a", ["conv", graph.Floats("bias", [1, 2, 3, 4], 4)]);
        graph.Add("Mul", "b", ["other", graph.Float("half", 0.5f)]);
        graph.Add("AddN", "output", ["a", "b", "a"]);
        var bias = Map.Build(1, 1, 4, (_, _, c) => c + 1);
        Assert(Convolved.With(bias, (v, b) => (2 * (v + b)) + (0.5f * v)), graph, "output");
    }

    [Fact]
    public void SqueezeExcite_OfEitherSpelling_ScalesChannels()
    {
        var graph = WithConvolution();
        graph.Add("Mean", "kept", ["conv", graph.Ints("axes", 1, 2)], ("keep_dims", true));
        graph.Add("Sigmoid", "gate", ["kept"]);
        graph.Add("Mul", "slim", ["conv", "gate"]);
        graph.Add("Mean", "dropped", ["conv", graph.Ints("negative", -3, -2)], ("keep_dims", false));
        graph.Add("Reshape", "map", ["dropped", graph.Ints("shape", -1, 1, 1, 4)]);
        graph.Add("Sigmoid", "keras/gate", ["map"]);
        graph.Add("Mul", "keras", ["keras/gate", "conv"]);
        var means = Convolved.Means();
        var expected = Map.Build(6, 6, 4, (y, x, c) => Convolved[y, x, c] / (1 + MathF.Exp(-means[c])));
        Assert(expected, graph, "slim");
        Assert(expected, graph, "keras");
    }

    [Fact]
    public void HardSwish_SpelledOut_ComputesWhatIsDocumented()
    {
        var graph = WithConvolution();
        graph.Add("AddV2", "shifted", ["conv", graph.Float("three", 3)]);
        graph.Add("Relu6", "clipped", ["shifted"]);
        graph.Add("Mul", "sixth", ["clipped", graph.Float("1/6", 1f / 6)]);
        graph.Add("Mul", "output", ["conv", "sixth"]);
        Assert(Convolved.Each(v => v * Math.Clamp(v + 3, 0, 6) / 6), graph, "output");
    }

    private static Graphs WithConvolution()
    {
        var graph = Graphs.WithInput(6);
        graph.Add("Conv2D", "conv", ["input", graph.Floats("w", Filter, 3, 3, 3, 4)], ("strides", new[] { 1, 1, 1, 1 }), ("padding", "SAME"));
        return graph;
    }

    private static (float[] Gamma, float[] Beta, float[] Mean, float[] Variance) Normalisation() => (
        OnnxModels.RandomFloats(4, 11), OnnxModels.RandomFloats(4, 12), OnnxModels.RandomFloats(4, 13), [.. OnnxModels.RandomFloats(4, 14).Select(v => v * v)]);

    private static Map Normalised(Map map, float[] gamma, float[] beta, float[] mean, float[] variance, float epsilon) =>
        Map.Build(map.Height, map.Width, map.Channels, (y, x, c) => (gamma[c] * (map[y, x, c] - mean[c]) / MathF.Sqrt(variance[c] + epsilon)) + beta[c]);

    private static IEnumerable<string> Operators(Graphs graph, string output) => OnnxModels.Parse(graph.Import(output).Onnx).Graph.Node.Select(node => node.OpType);

    private static void Assert(Map expected, Graphs graph, string output) => Tensors.AssertClose(expected.Stored(), graph.Run(Image, output), Tolerance);
}
