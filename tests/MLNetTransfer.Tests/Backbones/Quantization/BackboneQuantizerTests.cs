using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Backbones.Quantization;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using static MLNetTransfer.Tests.Backbones.OnnxModels;

namespace MLNetTransfer.Tests.Backbones.Quantization;

public sealed class BackboneQuantizerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string[] _images;

    public BackboneQuantizerTests() => _images = Residual.Images(_folder);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(13)]
    [InlineData(17)]
    [InlineData(11)]
    [InlineData(9)]
    public void Quantize_AResidualNetwork_KeepsItsFeatures(int opset)
    {
        var backbone = Residual.Backbone(Residual.Model(opset));

        var quantised = Quantise(backbone);

        Assert.Equal((5, 0), (quantised.Convolutions, quantised.FloatConvolutions));
        Assert.InRange(quantised.SignalToNoise, 20, 100);
        var (expected, actual) = (Features(backbone), Features(quantised.Backbone));
        AssertClose(expected, actual, 0.05 * expected.Max(Math.Abs));
    }

    [Theory]
    [InlineData(13)]
    [InlineData(12)]
    public void Quantize_AResidualNetwork_RunsOnIntegersAlone(int opset)
    {
        var quantised = Quantise(Residual.Backbone(Residual.Model(opset)));

        var operators = Optimised(quantised.Backbone.CutAt(quantised.Backbone.DefaultCut).Onnx);

        Assert.Equal(5, operators.Count(name => name == "QLinearConv"));
        Assert.Contains("QLinearAdd", operators);
        Assert.Contains("QLinearConcat", operators);
        Assert.DoesNotContain("Conv", operators);
        Assert.DoesNotContain("FusedConv", operators);
        Assert.DoesNotContain("Relu", operators);
        Assert.DoesNotContain("Clip", operators);
        Assert.Equal(1, operators.Count(name => name == "QuantizeLinear"));
    }

    [Theory]
    [InlineData(7, 13)]
    [InlineData(12, 13)]
    [InlineData(13, 13)]
    [InlineData(17, 17)]
    public void Quantize_OperatorsThatNeverChanged_AreRaisedToAnOperatorSetWithScalesPerChannel(int opset, int raised)
    {
        var backbone = Residual.Backbone(Classifier(opset: opset));

        var quantised = Quantise(backbone);

        Assert.Equal(raised, Assert.Single(ModelProto.Parser.ParseFrom(quantised.Onnx).OpsetImport).Version);
        var expected = Features(backbone);
        AssertClose(expected, Features(quantised.Backbone), 0.05 * expected.Max(Math.Abs));
    }

    // An independent oracle: integers computed here, step by step, as Jacob et al. write them.
    [Fact]
    public void Quantize_AConvolution_ComputesWhatItsIntegersSay()
    {
        var quantised = Quantise(Residual.Backbone(Classifier()));
        var graph = ModelProto.Parser.ParseFrom(quantised.Onnx).Graph;
        var pixels = Pixels(_images[0]);
        var (inScale, inZero) = Scale(graph, "image");
        var (outScale, outZero) = Scale(graph, "map");
        var weights = Raw(graph, "conv/weight_quantized").Select(value => (sbyte)value).ToArray();
        var weightScales = graph.Floats("conv/weight/scale")!;
        var biases = Raw(graph, "conv/bias_quantized").Chunk(4).Select(bytes => BitConverter.ToInt32(bytes)).ToArray();
        int[] input = [.. pixels.Select(value => (int)Math.Clamp(Math.Round(value / inScale) + inZero, 0, 255) - inZero)];

        var actual = Run(quantised.Onnx, "map", pixels);

        for (var channel = 0; channel < 6; channel++)
            for (var y = 0; y < Side; y++)
                for (var x = 0; x < Side; x++)
                {
                    var sum = biases[channel];
                    for (var from = 0; from < 3; from++)
                        for (var k = 0; k < 9; k++)
                            if (y + (k / 3) - 1 is >= 0 and < Side and var row && x + (k % 3) - 1 is >= 0 and < Side and var column)
                                sum += weights[(((channel * 3) + from) * 9) + k] * input[(from * Side * Side) + (row * Side) + column];
                    var step = Math.Clamp(Math.Round(sum * (double)(inScale * weightScales[channel] / outScale)) + outZero, 0, 255);
                    // One step of freedom for products that lie half-way between two.
                    Assert.InRange(actual[(channel * Side * Side) + (y * Side) + x] - ((step - outZero) * outScale), -1.001 * outScale, 1.001 * outScale);
                }
    }

    [Fact]
    public void Quantize_AConvolution_IsOffByNoMoreThanItsStepsAllow()
    {
        var backbone = Residual.Backbone(Classifier());
        var quantised = Quantise(backbone, new QuantizationOptions { ReducedRange = ProcessorFacts.NeedsReducedRange, Activations = ActivationRange.Full });
        var graph = ModelProto.Parser.ParseFrom(quantised.Onnx).Graph;
        var (pixels, weights) = (Pixels(_images[0]), RandomFloats(6 * 27, 1));
        var (inScale, outScale, weightScales) = (Scale(graph, "image").Scale, Scale(graph, "map").Scale, graph.Floats("conv/weight/scale")!);

        var (expected, actual) = (Run(Classifier().ToByteArray(), "map", pixels), Run(quantised.Onnx, "map", pixels));

        var largest = pixels.Max(Math.Abs);
        for (var channel = 0; channel < 6; channel++)
        {
            var sum = weights[(channel * 27)..((channel + 1) * 27)].Sum(Math.Abs);
            var bound = (sum * inScale / 2) + (27 * (largest + inScale) * weightScales[channel] / 2) + (inScale * weightScales[channel]) + outScale;
            for (var i = channel * Side * Side; i < (channel + 1) * Side * Side; i++)
                Assert.InRange(Math.Abs(expected[i] - actual[i]), 0, bound);
        }
    }

    [Fact]
    public void Quantize_SameImagesAndOptions_SameBytes()
    {
        var backbone = Residual.Backbone(Residual.Model());

        Assert.Equal(Quantise(backbone).Onnx, Quantise(backbone).Onnx);
        Assert.NotEqual(Quantise(backbone).Onnx, BackboneQuantizer.Quantize(backbone, backbone.DefaultCut, _images[..3]).Onnx);
    }

    [Fact]
    public void Quantize_DescribedCuts_AreThereUnderTheirNames()
    {
        var described = new BackboneDescription
        {
            Name = "small",
            Licence = "MIT",
            Preprocessing = Preprocessing.ImageNet(Side),
            Cuts = [new() { Name = "early", Tensors = ["block"] }, new() { Name = "two", Tensors = ["block", "last"] }, new() { Name = "top", Tensors = ["output"] }],
            DefaultCut = "early",
        };
        var backbone = Backbone.FromBytes(Residual.Model().ToByteArray(), described, "small");

        var quantised = BackboneQuantizer.Quantize(backbone, backbone.FindCut("two"), _images);
        quantised.Save(_folder.File("out", "small.onnx"));
        var loaded = Backbone.Load(_folder.File("out", "small.onnx"));

        Assert.Equal(("small-int8", "MIT", described.Preprocessing), (loaded.Name, loaded.Licence, loaded.Preprocessing));
        Assert.Equal(["early", "two"], loaded.Cuts.Select(cut => cut.Name));
        Assert.Equal(("two", 14), (loaded.DefaultCut.Name, loaded.DefaultCut.Dimensions));
        Assert.Equal(quantised.Backbone.Sha256, loaded.Sha256);
        Assert.Equal(["small.json", "small.onnx"], Directory.GetFiles(_folder.File("out")).Select(Path.GetFileName).Order());
        AssertClose(Features(backbone, "early"), Features(loaded, "early"), 0.1);
    }

    [Fact]
    public void Quantize_ACutWithoutDescription_IsCalledPooled()
    {
        var quantised = Quantise(Residual.Backbone(Residual.Model())).Backbone;

        Assert.Equal("pooled", quantised.DefaultCut.Name);
        Assert.Same(quantised.DefaultCut, quantised.FindCut(Cut.Last));
    }

    [Fact]
    public void Quantize_AGateOverChannels_RunsOnIntegersToo()
    {
        var model = Network(
            [
                Node("GlobalAveragePool", ["map"], "squeezed"),
                Node("Conv", ["squeezed", "w2", "b2"], "inner"),
                Node("Relu", ["inner"], "inner_relu"),
                Node("Conv", ["inner_relu", "w3"], "excited"),
                Node("Sigmoid", ["excited"], "gate"),
                Node("Mul", ["map", "gate"], "gated"),
                Node("AveragePool", ["gated"], "average", Ints("kernel_shape", 2, 2), Ints("strides", 2, 2)),
                Node("Conv", ["average", "w4"], "output"),
            ],
            [Floats("w2", [4, 6, 1, 1], 21), Floats("b2", [4], 22), Floats("w3", [6, 4, 1, 1], 23), Floats("w4", [5, 6, 1, 1], 24)]);
        var described = new BackboneDescription { Name = "gate", Preprocessing = Preprocessing.ImageNet(Side), Cuts = [new() { Name = "end", Tensors = ["output"] }] };
        var backbone = Backbone.FromBytes(model.ToByteArray(), described, "gate");

        var quantised = Quantise(backbone);

        var operators = Optimised(quantised.Onnx);
        foreach (var expected in new[] { "QLinearGlobalAveragePool", "QLinearSigmoid", "QLinearMul", "QLinearAveragePool" })
            Assert.Contains(expected, operators);
        Assert.Equal(4, operators.Count(name => name == "QLinearConv"));
        var features = Features(backbone);
        AssertClose(features, Features(quantised.Backbone), 0.05 * features.Max(Math.Abs));
    }

    [Fact]
    public void Quantize_ImagesChannelsLast_ComputesTheSame()
    {
        var model = Residual.Model();
        model.Graph.Input[0] = Value("image", ["N", Side, Side, 3]);
        model.Graph.Node[0].Input[0] = "turned";
        model.Graph.Node.Insert(0, Node("Transpose", ["image"], "turned", Ints("perm", 0, 3, 1, 2)));
        BackboneDescription Describe(TensorLayout layout) => new()
        {
            Name = "turned",
            Preprocessing = Preprocessing.ImageNet(Side) with { Layout = layout },
            Cuts = [new() { Name = "end", Tensors = ["last"] }],
        };
        var turned = Backbone.FromBytes(model.ToByteArray(), Describe(TensorLayout.Nhwc), "turned");
        var upright = Backbone.FromBytes(Residual.Model().ToByteArray(), Describe(TensorLayout.Nchw), "upright");

        var (last, first) = (Quantise(turned), Quantise(upright));

        Assert.Equal((5, first.SignalToNoise), (last.Convolutions, last.SignalToNoise));
        Assert.Equal(first.Backbone.DefaultCut.Dimensions, last.Backbone.DefaultCut.Dimensions);
    }

    [Fact]
    public void Quantize_FloatLayers_StayExact()
    {
        var backbone = Residual.Backbone(Residual.Model());

        var half = Quantise(backbone, new QuantizationOptions { ReducedRange = ProcessorFacts.NeedsReducedRange, FloatConvolutions = 3 });
        var all = Quantise(backbone, new QuantizationOptions { ReducedRange = ProcessorFacts.NeedsReducedRange, FloatConvolutions = 99 });

        Assert.Equal(3, half.FloatConvolutions);
        Assert.True(half.SignalToNoise > Quantise(backbone).SignalToNoise);
        Assert.Equal((3, 2), (Optimised(half.Onnx).Count(name => name is "Conv" or "FusedConv"), Optimised(half.Onnx).Count(name => name == "QLinearConv")));
        AssertClose(Features(backbone), Features(all.Backbone), 1e-5);
    }

    [Fact]
    public void Quantize_ChannelsAndTensorsOfZeros_StayZero()
    {
        var model = Residual.Model();
        foreach (var (name, count) in new[] { ("w2", 6 * 54), ("b2", 6), ("w5", 10) })
        {
            var tensor = model.Graph.Initializer.Single(initializer => initializer.Name == name);
            tensor.FloatData.Clear();
            tensor.FloatData.Add(RandomFloats((int)tensor.Dims.Aggregate(1L, (a, b) => a * b), 1).Select((value, i) => i < count ? 0 : value));
        }
        var backbone = Residual.Backbone(model);

        var (expected, actual) = (Features(backbone), Features(Quantise(backbone).Backbone));

        AssertClose(expected, actual, 0.05 * expected.Max(Math.Abs));
    }

    [Fact]
    public void Quantize_NegativeValuesAlone_AreKept()
    {
        var model = Network([Node("Conv", ["map", "w2", "b2"], "negative"), Node("Conv", ["negative", "w3"], "output")],
            [GraphConstants.Floats("w2", [.. RandomFloats(36, 5).Select(value => -Math.Abs(value))], 6, 6, 1, 1), GraphConstants.Floats("b2", [-1, -2, -3, -4, -5, -6], 6), Floats("w3", [3, 6, 1, 1], 6)]);
        var described = new BackboneDescription
        {
            Name = "negative",
            Preprocessing = Preprocessing.ImageNet(Side),
            Cuts = [new() { Name = "end", Tensors = ["output"] }],
        };
        var backbone = Backbone.FromBytes(model.ToByteArray(), described, "negative");

        var quantised = Quantise(backbone);

        Assert.Equal(255, Scale(ModelProto.Parser.ParseFrom(quantised.Onnx).Graph, "negative").Zero);
        var (expected, actual) = (Features(backbone), Features(quantised.Backbone));
        AssertClose(expected, actual, 0.03 * expected.Max(Math.Abs));
    }

    private QuantizedBackbone Quantise(Backbone backbone, QuantizationOptions? options = null) =>
        BackboneQuantizer.Quantize(backbone, backbone.DefaultCut, _images, options ?? new QuantizationOptions { ReducedRange = ProcessorFacts.NeedsReducedRange });

    private float[] Features(Backbone backbone, string cut = Cut.Last)
    {
        var below = backbone.CutAt(backbone.FindCut(cut));
        return [.. _images.SelectMany(image => Run(below.Onnx, below.OutputName, Pixels(image)))];
    }

    private static float[] Pixels(string image)
    {
        var pixels = new float[3 * Side * Side];
        ImageDecoder.Decode(image, Preprocessing.ImageNet(Side), pixels, out _);
        return pixels;
    }

    private static (float Scale, byte Zero) Scale(GraphProto graph, string tensor) =>
        (graph.Floats(tensor + "/scale")![0], Raw(graph, tensor + "/zero_point")[0]);

    private static byte[] Raw(GraphProto graph, string name) => graph.Initializer.Single(initializer => initializer.Name == name).RawData.ToByteArray();

    /// <summary>The operators ONNX Runtime makes of a model.</summary>
    private List<string> Optimised(byte[] onnx)
    {
        var path = _folder.File("optimised.onnx");
        using var options = new SessionOptions { OptimizedModelFilePath = path, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using (new InferenceSession(onnx, options))
        {
        }
        return [.. ModelProto.Parser.ParseFrom(File.ReadAllBytes(path)).Graph.Node.Select(node => node.OpType)];
    }
}
