using Google.Protobuf;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Backbones.Quantization;
using static MLNetTransfer.Tests.Backbones.OnnxModels;

namespace MLNetTransfer.Tests.Backbones.Quantization;

public sealed class ConvolutionFoldingTests
{
    private static readonly HashSet<string> Nothing = [];
    private static readonly TensorProto[] Normalisation = [Positive("gamma", 3), Floats("beta", [6], 4), Floats("mean", [6], 5), Positive("variance", 6)];

    [Fact]
    public void Apply_NormalisationBehindAConvolution_ComputesTheSameWithoutIt()
    {
        var folded = Fold(Network([Convolution("map", "c"), Normalise("c", "n"), Node("Relu", ["n"], "output")], [Floats("w2", [6, 6, 3, 3], 7), .. Normalisation]));

        Assert.Equal(["Conv", "Relu", "Conv", "Relu"], folded.Node.Select(node => node.OpType));
    }

    [Fact]
    public void Apply_ConstantsBehindAConvolution_AreFolded()
    {
        var folded = Fold(Network(
            [
                Convolution("map", "c"), Node("Mul", ["c", "factor"], "m"), Node("Add", ["summand", "m"], "a"), Node("Sub", ["a", "half"], "s"),
                Node("Div", ["s", "half"], "output"),
            ],
            [Floats("w2", [6, 6, 3, 3], 7), Floats("factor", [6, 1, 1], 8), Floats("summand", [1, 6, 1, 1], 9), Scalar("half", 0.5f)]));

        Assert.Equal(["Conv", "Relu", "Conv"], folded.Node.Select(node => node.OpType));
    }

    [Fact]
    public void Apply_AConstantMinusAConvolution_IsLeftAlone()
    {
        var folded = Fold(Network([Convolution("map", "c"), Node("Sub", ["half", "c"], "output")], [Floats("w2", [6, 6, 3, 3], 7), Scalar("half", 0.5f)]));

        Assert.Contains(folded.Node, node => node.OpType == "Sub");
    }

    [Fact]
    public void Apply_NormalisationWithoutAConvolutionBefore_BecomesOne()
    {
        var folded = Fold(Network(
            [Normalise("map", "n"), Node("Relu", ["n"], "r"), Convolution("r", "output")], [Floats("w2", [6, 6, 3, 3], 7), .. Normalisation]));

        Assert.DoesNotContain(folded.Node, node => node.OpType == "BatchNormalization");
        Assert.Equal(6, folded.Node.Single(node => node.Output[0] == "n").Find("group")!.I);
    }

    [Fact]
    public void Apply_AConvolutionReadTwice_IsNotChanged()
    {
        var folded = Fold(Network(
            [Convolution("map", "c"), Normalise("c", "n"), Node("Add", ["c", "n"], "output")], [Floats("w2", [6, 6, 3, 3], 7), .. Normalisation]));

        Assert.Contains(folded.Node, node => node.OpType == "BatchNormalization");
    }

    [Fact]
    public void Apply_WeightsOfTwoConvolutions_StayThoseOfTheOther()
    {
        var folded = Fold(Network(
            [Convolution("map", "c"), Normalise("c", "n"), Convolution("map", "d"), Node("Add", ["d", "n"], "output")], [Floats("w2", [6, 6, 3, 3], 7), .. Normalisation]));

        Assert.DoesNotContain(folded.Node, node => node.OpType == "BatchNormalization");
    }

    [Fact]
    public void Apply_ATensorAtACut_KeepsItsNameAndValues()
    {
        var model = Network([Convolution("map", "c"), Node("Identity", ["c"], "i"), Normalise("i", "output")], [Floats("w2", [6, 6, 3, 3], 7), .. Normalisation]);
        var folded = model.Clone();
        ConvolutionFolding.Apply(folded.Graph, new HashSet<string> { "c" });

        var images = RandomFloats(3 * Side * Side, 10);
        AssertClose(Run(model.ToByteArray(), "c", images), Run(folded.ToByteArray(), "c", images), 1e-5);
        Assert.DoesNotContain(folded.Graph.Node, node => node.OpType == "Identity");
    }

    private static GraphProto Fold(ModelProto model)
    {
        var folded = model.Clone();
        ConvolutionFolding.Apply(folded.Graph, Nothing);
        var images = RandomFloats(2 * 3 * Side * Side, 10);
        AssertClose(Run(model.ToByteArray(), "output", images, 2), Run(folded.ToByteArray(), "output", images, 2), 1e-5);
        var read = folded.Graph.Node.SelectMany(node => node.Input).ToHashSet();
        Assert.All(folded.Graph.Initializer, initializer => Assert.Contains(initializer.Name, read));
        return folded.Graph;
    }

    private static NodeProto Convolution(string input, string output) => Node("Conv", [input, "w2"], output, Ints("pads", 1, 1, 1, 1));

    private static NodeProto Normalise(string input, string output) => Node("BatchNormalization", [input, "gamma", "beta", "mean", "variance"], output);

    private static TensorProto Positive(string name, int seed) => GraphConstants.Floats(name, [.. RandomFloats(6, seed).Select(value => 0.5f + Math.Abs(value))], 6);

    private static TensorProto Scalar(string name, float value) => GraphConstants.Floats(name, [value]);
}
