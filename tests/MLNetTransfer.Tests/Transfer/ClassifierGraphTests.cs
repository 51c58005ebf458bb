using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Heads;
using MLNetTransfer.Images;
using MLNetTransfer.Tests.Backbones;
using MLNetTransfer.Transfer;
using static MLNetTransfer.Tests.Backbones.OnnxModels;

namespace MLNetTransfer.Tests.Transfer;

/// <summary>The graph alone, with heads whose calibration, threshold and positive class are given: the oracle is <see cref="LinearHead"/> in 64 bit.</summary>
public sealed class ClassifierGraphTests(TrainedTask task) : IClassFixture<TrainedTask>
{
    private const int Images = 24;

    [Theory]
    [InlineData(1, 0, .5f, "a", "b")]
    [InlineData(2.5, -.7, .3f, "a", "b")]
    [InlineData(2.5, -.7, .8f, "b", "a")]
    [InlineData(1, 0, .1f, "b", "a")]
    public void AppendHead_TwoClasses_IsTheLinearHead(double slope, double offset, float threshold, string negative, string positive) =>
        AssertSame(Cut(), [negative, positive], new HeadSelection(4, new PlattScaling(slope, offset), threshold), spread: 1, shift: 0);

    [Fact]
    public void AppendHead_FourClasses_IsTheLinearHead() =>
        AssertSame(Cut(), ["a", "b", "c", "d"], new HeadSelection(4, PlattScaling.Identity, .5f), spread: 1, shift: 0);

    /// <summary>Features of some hundreds that differ in the second decimal: with the means folded into the bias, 32 bits are off by 1e-4 here.</summary>
    [Fact]
    public void AppendHead_FeaturesFarFromZero_KeepsTheirLastDigits() =>
        AssertSame(Cut(), ["a", "b"], new HeadSelection(.01f, new PlattScaling(3, 0), .5f), spread: .05f, shift: 100);

    [Fact]
    public void AppendHead_NamesInUse_TakesOthersAndSaysSo()
    {
        var model = Network(
            [
                Node("Relu", ["map"], "probabilities"),
                Node("Relu", ["probabilities"], "label"),
                Node("GlobalAveragePool", ["label"], "scores"),
                Node("Flatten", ["scores"], "weights"),
                Node("Gemm", ["weights", "fc", "biases"], "output", Int("transB", 1)),
            ],
            [Floats("fc", [4, 6], 3), Floats("biases", [4], 4)]);
        model.Graph.Node[0].Input[0] = model.Graph.Input[0].Name = "pixels";
        model.Graph.Node[0].Output[0] = model.Graph.Node[1].Input[0] = "image";
        AssertSame(Cut(model), ["a", "b"], new HeadSelection(4, PlattScaling.Identity, .5f), spread: 1, shift: 0);
    }

    [Theory]
    [InlineData(PixelOrder.Rgb)]
    [InlineData(PixelOrder.Bgr)]
    [InlineData(PixelOrder.Gray)]
    public void TakePixels_EveryOrder_NormalisesEachChannelAsItsOwn(PixelOrder order)
    {
        var preprocessing = new Preprocessing { Side = Side, Order = order, Mean = new(.1f, .4f, .7f), Std = new(.2f, .3f, .5f) };
        var cut = Cut(Classifier(channels: preprocessing.Channels), preprocessing);
        var head = Fit(cut, ["a", "b"], new HeadSelection(4, PlattScaling.Identity, .5f), RandomFloats(Images * preprocessing.TensorLength, 5));
        var pixels = RandomFloats(Images * preprocessing.TensorLength, 6).Select(value => (value + 1) * 127.5f).ToArray();
        // As the description of preprocessing says it: (v / 255 - mean) / std, channel by channel in the order of the tensor.
        (float Mean, float Std)[] channels = order switch
        {
            PixelOrder.Rgb => [(.1f, .2f), (.4f, .3f), (.7f, .5f)],
            PixelOrder.Bgr => [(.7f, .5f), (.4f, .3f), (.1f, .2f)],
            _ => [(.1f, .2f)],
        };
        var normalised = pixels.Select((value, i) => (value / 255 - channels[i / (Side * Side) % channels.Length].Mean) / channels[i / (Side * Side) % channels.Length].Std).ToArray();
        using var plain = Export(cut, head, pixels: false);
        using var taking = Export(cut, head, pixels: true);
        Assert.Equal(new Preprocessing { Side = Side, Order = order, Std = new(1 / 255f) }, taking.Preprocessing);
        Assert.All(plain.Run(normalised, Images).Zip(taking.Run(pixels, Images)), pair => AssertClose(pair.First.Probabilities, pair.Second.Probabilities, 1e-5));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TakeChannelsFirst_NetworkThatTakesThemLast_IsTheSameModel(bool pixels)
    {
        var last = Classifier();
        last.Graph.Input[0] = Value("pixels", "N", Side, Side, 3);
        last.Graph.Node.Insert(0, Node("Transpose", ["pixels"], "image", Ints("perm", 0, 3, 1, 2)));
        var (cut, cutOfLast) = (Cut(), Cut(last, Preprocessing.ImageNet(Side) with { Layout = TensorLayout.Nhwc }));
        var tensor = RandomFloats(Images * cut.Backbone.Preprocessing.TensorLength, 7);
        var head = Fit(cut, ["a", "b"], new HeadSelection(4, PlattScaling.Identity, .5f), tensor);
        using var expected = Export(cut, head, pixels);
        using var actual = Export(cutOfLast, head, pixels);
        Assert.Equal(expected.Preprocessing, actual.Preprocessing);
        Assert.All(expected.Run(tensor, Images).Zip(actual.Run(tensor, Images)), pair => AssertClose(pair.First.Probabilities, pair.Second.Probabilities, 1e-6));
    }

    /// <summary>OpenCV 4.6 refuses a convolution that leaves its kernel to the weights, as the one of this network does.</summary>
    [Fact]
    public void StateKernels_ConvolutionWithoutOne_TakesThatOfItsWeights()
    {
        var cut = Cut();
        Assert.Null(OnnxFile.Parse(cut.Onnx, "cut").Graph.Node.First(node => node.OpType == "Conv").Find("kernel_shape"));
        var head = Fit(cut, ["a", "b"], new HeadSelection(4, PlattScaling.Identity, .5f), RandomFloats(Images * cut.Backbone.Preprocessing.TensorLength, 1));
        var (onnx, _) = OnnxExport.Build(cut.Onnx, cut.Backbone.Preprocessing, head, task.Result.Model.Card, pixels: false);
        Assert.Equal([3, 3], OnnxFile.Parse(onnx, "exported").Graph.Node.First(node => node.OpType == "Conv").Find("kernel_shape")!.Ints);
    }

    private void AssertSame(BackboneCut cut, string[] names, HeadSelection selection, float spread, float shift)
    {
        float[] Tensor(int seed) => [.. RandomFloats(Images * cut.Backbone.Preprocessing.TensorLength, seed).Select(value => (value * spread) + shift)];
        var model = Fit(cut, names, selection, Tensor(1));
        var head = LinearHead.FromTransformer(model);
        using var exported = Export(cut, model, pixels: false);
        var tensor = Tensor(2);
        var features = OnnxModels.Run(cut.Onnx, cut.OutputName, tensor, Images).Chunk(cut.Dimensions).ToArray();
        var probabilities = new float[names.Length];
        var decisions = new HashSet<string>();
        foreach (var ((label, actual), row) in exported.Run(tensor, Images).Zip(features))
        {
            head.Probabilities(row, probabilities);
            AssertClose(probabilities, actual, 1e-5);
            Assert.Equal(head.Classes[head.Decide(probabilities)], label);
            decisions.Add(label);
        }
        Assert.Equal(names.Order(StringComparer.Ordinal), head.Classes);
        Assert.True(decisions.Count > 1, "All images were decided alike: nothing was shown.");
    }

    /// <summary>A head on the features of random images whose classes follow the first features.</summary>
    private static Microsoft.ML.ITransformer Fit(BackboneCut cut, string[] names, HeadSelection selection, float[] tensor)
    {
        var channels = cut.Backbone.Preprocessing.Channels;
        var features = OnnxModels.Run(cut.Onnx, cut.OutputName, tensor, Images, channels);
        var matrix = new FeatureMatrix(Images, cut.Dimensions, features);
        int[] order = [.. Enumerable.Range(0, Images).OrderBy(row => matrix.Row(row)[0])];
        var labels = new int[Images];
        for (var i = 0; i < Images; i++)
            labels[order[i]] = i * names.Length / Images;
        return HeadTransformer.Fit(matrix, labels, [.. names.Select(_ => 1d)], names, selection, 1);
    }

    private ExportedModel Export(BackboneCut cut, Microsoft.ML.ITransformer head, bool pixels) =>
        new(OnnxExport.Build(cut.Onnx, cut.Backbone.Preprocessing, head, task.Result.Model.Card, pixels).Onnx);

    private static BackboneCut Cut(ModelProto? model = null, Preprocessing? preprocessing = null)
    {
        var description = new BackboneDescription { Name = "test", Preprocessing = preprocessing ?? Preprocessing.ImageNet(Side) };
        var backbone = Backbone.FromBytes(OnnxFile.Write(model ?? Classifier()), description, "test.onnx");
        return backbone.CutAt(backbone.DefaultCut);
    }
}
