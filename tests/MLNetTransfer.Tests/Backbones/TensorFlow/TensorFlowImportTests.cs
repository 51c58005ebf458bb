using Google.Protobuf;
using MLNetTransfer.Backbones.TensorFlow;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Tests.Backbones.TensorFlow;

/// <summary>What is found in a file, what is asked for, and what is refused.</summary>
public sealed class TensorFlowImportTests
{
    private static readonly float[] Filter = OnnxModels.RandomFloats(3 * 3 * 3 * 4, 2);

    [Fact]
    public void Read_Network_TellsWhatWasFound()
    {
        var imported = Network("net").Import();
        Assert.Equal(("input", "net/probabilities", "net/pool", 4), (imported.Input, imported.Output, imported.DefaultCut, imported.Dimensions));
        Assert.Equal((12, 1, 5), (imported.Nodes, imported.Folded, imported.OnnxNodes));
        Assert.Equal("Add 1, Conv2D 1, MatMul 1, Mean 1, Relu 1, Softmax 1", string.Join(", ", imported.Operators.Select(op => $"{op.Key} {op.Value}")));
        Assert.Equal("given", imported.PreprocessingSource);
        Assert.Equal(["test", "not stated"], [imported.Description.Name, imported.Description.Licence]);
        var backbone = imported.ToBackbone();
        Assert.Equal(["net/pool"], backbone.DefaultCut.Tensors);
        Assert.Equal(backbone.Sha256, imported.Description.Sha256);
        Assert.Equal(imported.Onnx, Network("net").Import().Onnx);
    }

    [Fact]
    public void Read_AuxiliaryClassifierAndTrainingNodes_EndsAtTheDeepestSoftmax()
    {
        var graph = Network("net");
        graph.Add("Mean", "aux/pool", ["input", "net/axes"]);
        graph.Add("Softmax", "aux", ["aux/pool"]);
        graph.Add("Placeholder", "labels", [], ("dtype", DataType.Int64), ("shape", Graphs.Shape(-1)));
        graph.Add("SparseSoftmaxCrossEntropyWithLogits", "loss", ["net/logits", "labels"]);
        Assert.Equal("net/probabilities", graph.Import().Output);
        Assert.Equal("net/relu", graph.Import("net/relu").Output);
    }

    [Fact]
    public void Read_OutputThatIsAnIdentity_IsCalledSo()
    {
        var graph = Network("net");
        graph.Add("Identity", "output", ["net/probabilities"]);
        var image = Map.Random(6, 6, 3, 1);
        Assert.Equal(graph.Run(image, "net/probabilities"), graph.Run(image, "output"));
    }

    [Fact]
    public void Read_NetworkWithoutPooling_IsCutBeforeItsLastLayer()
    {
        var graph = Graphs.WithInput(6);
        Convolution(graph, "conv", "input");
        graph.Add("Reshape", "flat", ["conv", graph.Ints("shape", -1, 144)]);
        graph.Add("MatMul", "hidden", ["flat", graph.Floats("w1", OnnxModels.RandomFloats(144 * 5, 3), 144, 5)]);
        graph.Add("Relu", "features", ["hidden"]);
        graph.Add("MatMul", "logits", ["features", graph.Floats("w2", OnnxModels.RandomFloats(10, 4), 5, 2)]);
        var imported = graph.Import();
        Assert.Equal(("features", 5), (imported.DefaultCut, imported.Dimensions));
        Assert.Equal(["features"], imported.ToBackbone().DefaultCut.Tensors);
    }

    [Fact]
    public void Read_LayersBetweenPoolingAndLogits_IsCutAtThePooledFeatures()
    {
        // As MobileNetV3 ends: the last pooling, not those of squeeze and excite before it.
        var graph = Graphs.WithInput(6);
        Convolution(graph, "conv", "input");
        graph.Add("Mean", "squeeze", ["conv", graph.Ints("axes", 1, 2)], ("keep_dims", true));
        graph.Add("Mul", "excite", ["conv", "squeeze"]);
        graph.Add("Mean", "pool", ["excite", "axes"], ("keep_dims", true));
        graph.Add("Conv2D", "wide", ["pool", graph.Floats("w1", OnnxModels.RandomFloats(4 * 7, 3), 1, 1, 4, 7)], ("strides", new[] { 1, 1, 1, 1 }), ("padding", "SAME"));
        graph.Add("AddV2", "three", ["wide", graph.Float("c3", 3)]);
        graph.Add("Relu6", "relu6", ["three"]);
        graph.Add("Mul", "swish", ["wide", "relu6"]);
        graph.Add("Conv2D", "logits", ["swish", graph.Floats("w2", OnnxModels.RandomFloats(7 * 2, 4), 1, 1, 7, 2)], ("strides", new[] { 1, 1, 1, 1 }), ("padding", "SAME"));
        var imported = graph.Import();
        Assert.Equal(("pool", 4), (imported.DefaultCut, imported.Dimensions));
        Assert.Equal(["pool"], imported.ToBackbone().DefaultCut.Tensors);
    }

    [Fact]
    public void Read_ConstantBeforeTheImage_IsNotTakenForIt()
    {
        // The image is read again behind the first pooling, which therefore is not all that is left of it.
        var graph = Graphs.WithInput(6);
        graph.Add("Maximum", "first", [graph.Floats("mask", Map.Random(6, 6, 3, 2).Values, 6, 6, 3), "input"]);
        graph.Add("Mean", "side", ["first", graph.Ints("axes", 1, 2)], ("keep_dims", true));
        graph.Add("Mul", "both", ["side", "input"]);
        graph.Add("Mean", "pool", ["both", "axes"]);
        graph.Add("MatMul", "logits", ["pool", graph.Floats("fc", OnnxModels.RandomFloats(6, 3), 3, 2)]);
        graph.Add("Mean", "score", ["logits", graph.Ints("all", 1)]);
        Assert.Equal("pool", graph.Import("logits").DefaultCut);
        graph.Graph.Node.Single(node => node.Name == "pool").Input[0] = "input";
        Assert.Contains("row of numbers", Assert.Throws<TransferException>(() => Average(graph)).Message);

        static ImportedBackbone Average(Graphs graph)
        {
            graph.Add("Mean", "one", ["both", graph.Ints("every", 1, 2, 3)]);
            return graph.Import("one");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_BranchesForTraining_AreLeftOut(bool isPlaceholder)
    {
        var graph = Graphs.WithInput(6);
        if (isPlaceholder)
            graph.Add("Placeholder", "phase_train", [], ("dtype", DataType.Bool));
        else
            graph.Constant("phase_train", new TensorDef { Dtype = (int)DataType.Bool, TensorShape = Graphs.Shape(), BoolVal = { false } });
        Convolution(graph, "conv", "input");
        graph.Add("Switch", "switch", ["conv", "phase_train"]);
        graph.Add("RandomUniform", "random", ["shape"]);
        graph.Ints("shape", 1);
        graph.Add("Mul", "dropped", ["switch:1", "random"]);
        graph.Add("Relu", "kept", ["switch"]);
        graph.Add("Merge", "merged", ["kept", "dropped"]);
        graph.Add("Neg", "output", ["merged"]);
        var image = Map.Random(6, 6, 3, 1);
        var expected = image.Convolve(Filter, 3, 3, 3, 4, 1, 1, null, true).Each(v => -Math.Max(v, 0));
        Tensors.AssertClose(expected.Stored(), graph.Run(image, "output"), 1e-5);
        Assert.Equal(isPlaceholder ? ["'phase_train' is taken as false: the network is used, not trained."] : Array.Empty<string>(), graph.Import("output").Notes);
    }

    [Theory]
    [InlineData("decoded")]
    [InlineData("bytes")]
    [InlineData("floats")]
    public void Read_PicturesPreparedInTheGraph_AreFedBehindThat(string kind)
    {
        var graph = new Graphs();
        var picture = kind switch
        {
            "decoded" => graph.Add("DecodeJpeg", "decode", [graph.Constant("contents", new TensorDef { Dtype = (int)DataType.Text, TensorShape = Graphs.Shape() })]),
            "bytes" => graph.Add("Placeholder", "bytes", [], ("dtype", DataType.UInt8), ("shape", Graphs.Shape(1, -1, -1, 3))),
            _ => graph.Add("Placeholder", "floats", [], ("dtype", DataType.Float), ("shape", Graphs.Shape(1, -1, -1, 3))),
        };
        graph.Add("Cast", "cast", [picture], ("SrcT", DataType.UInt8), ("DstT", DataType.Float));
        graph.Add("ResizeBilinear", "resized", [kind == "decoded" ? graph.Add("ExpandDims", "expanded", ["cast", graph.Int("axis", 0)]) : "cast", graph.Ints("size", 6, 6)]);
        graph.Add("Sub", "sub", ["resized", graph.Float("mean", 128)]);
        graph.Add("Mul", "mul", ["sub", graph.Float("scale", 1f / 128)]);
        Convolution(graph, "conv", "mul");
        if (kind == "floats")
        {
            Assert.Contains("State it", Assert.Throws<TransferException>(() => graph.Import(options: new())).Message);
            return;
        }
        var imported = graph.Import(options: new());
        Assert.Equal("resized", imported.Input);
        Assert.Equal(new Preprocessing { Side = 6, Std = new(1f / 255) }, imported.Description.Preprocessing);
        var image = Map.Random(6, 6, 3, 1).Each(v => v * 255);
        var actual = OnnxModels.Run(imported.Onnx, "conv", image.Stored(), 1, 3, 6);
        Tensors.AssertClose(image.Each(v => (v - 128) / 128).Convolve(Filter, 3, 3, 3, 4, 1, 1, null, true).Stored(), actual, 1e-5);
        Assert.Equal("mul", TensorFlowImport.Read(graph.Graph.ToByteArray(), "x", new() { Input = "mul", Side = 6, Mean = new(0.5f), Std = new(0.5f) }).Input);
    }

    [Theory]
    [InlineData("MobilenetV1/a", 0.5f, 0.5f)]
    [InlineData("import/InceptionResnetV2/b", 0.5f, 0.5f)]
    [InlineData("resnet_v2_152/c", 0.5f, 0.5f)]
    [InlineData("resnet_v1_50/d", 123.68f / 255, 1f / 255)]
    [InlineData("vgg_16/e", 123.68f / 255, 1f / 255)]
    public void Read_KnownFamily_IsFedAsInTraining(string prefix, float mean, float std)
    {
        var preprocessing = Network(prefix).Import(options: new()).Description.Preprocessing;
        Assert.Equal((mean, std, PixelOrder.Rgb, 6), (preprocessing.Mean.R, preprocessing.Std.R, preprocessing.Order, preprocessing.Side));
    }

    [Fact]
    public void Read_FamilyWhoseGraphScalesItself_IsFedWhatIsLeft()
    {
        var graph = Graphs.WithInput(6);
        graph.Add("Sub", "sub", ["input", graph.Float("half", 0.5f)]);
        graph.Add("Mul", "mul", ["sub", graph.Float("two", 2)]);
        Convolution(graph, "InceptionV3/conv", "mul");
        var preprocessing = graph.Import(options: new()).Description.Preprocessing;
        Assert.Equal((new ChannelValues(0), new ChannelValues(1)), (preprocessing.Mean, preprocessing.Std));
    }

    [Fact]
    public void Read_MetaGraphOfMlNet_IsFedAsItsTrainerDoes()
    {
        var bytes = new MetaGraphDef { GraphDef = Network("resnet_v2_50").Graph }.ToByteArray();
        var imported = TensorFlowImport.Read(bytes, "resnet.pb", new());
        Assert.Equal((new ChannelValues(0), new ChannelValues(1)), (imported.Description.Preprocessing.Mean, imported.Description.Preprocessing.Std));
        Assert.Equal(TensorFlowImport.Read(Network("resnet_v2_50").Graph.ToByteArray(), "resnet.meta", new()).Onnx, imported.Onnx);
    }

    [Fact]
    public void Read_OptionsGiven_AreTaken()
    {
        var preprocessing = Network("MobilenetV1/a").Import(options: new()
        {
            Name = "mine",
            Licence = "MIT",
            Side = 8,
            Order = PixelOrder.Bgr,
            Resize = ResizeMode.CenterCrop,
            Mean = new(0.1f, 0.2f, 0.3f),
            Std = new(1, 2, 3),
        }).Description is { Name: "mine", Licence: "MIT" } description ? description.Preprocessing : null;
        Assert.Equal(new Preprocessing { Side = 8, Order = PixelOrder.Bgr, Resize = ResizeMode.CenterCrop, Mean = new(0.1f, 0.2f, 0.3f), Std = new(1, 2, 3) }, preprocessing);
    }

    [Fact]
    public void Read_UnknownOperator_NamesItsNodeAndWhatIsSupported()
    {
        var graph = Graphs.WithInput(6);
        graph.Add("MatrixInverse", "odd", ["input"]);
        graph.Add("Relu", "relu", ["odd"]);
        var message = Assert.Throws<TransferException>(() => graph.Import("relu")).Message;
        Assert.Contains("The operator of 'odd' in 'test.pb' is MatrixInverse, which is not supported. Supported are Abs, Add,", message);
        Assert.Equal("input", Assert.Throws<TransferException>(() => graph.Import("input")) is { Message: var same } && same.Contains("is the input") ? "input" : "");
    }

    [Theory]
    [InlineData("VariableV2", "freeze_graph")]
    [InlineData("VarHandleOp", "convert_variables_to_constants_v2")]
    [InlineData("StatefulPartitionedCall", "writes functions out")]
    [InlineData("Placeholder", "--output NAME")]
    public void Read_NotFrozen_SaysHowToFreeze(string type, string next)
    {
        var graph = Graphs.WithInput(6);
        graph.Add(type, "weights", []);
        graph.Add("Conv2D", "conv", ["input", "weights"], ("strides", new[] { 1, 1, 1, 1 }), ("padding", "SAME"));
        var message = Assert.Throws<TransferException>(() => graph.Import("conv")).Message;
        Assert.Contains(next, message);
        Assert.Contains("'weights'", message);
    }

    [Fact]
    public void Read_OtherKindsOfFile_AreNamed()
    {
        // schema version 1, then a MetaGraphDef, as a SavedModel begins.
        Refused([0x08, 0x01, 0x12, 0x00], "SavedModel");
        Refused(OnnxModels.Classifier().ToByteArray(), "is an ONNX file. Use it directly");
        Refused("node { name: \"x\" }"u8.ToArray(), "binary GraphDef");
        Refused([], "binary GraphDef");
        Refused(new GraphDef().ToByteArray(), "binary GraphDef");
        using var folder = new TemporaryFolder();
        Assert.Contains("SavedModel", Assert.Throws<TransferException>(() => TensorFlowImport.Read(folder.Path)).Message);
        Assert.Contains("gone.pb", Assert.Throws<TransferException>(() => TensorFlowImport.Read(folder.File("gone.pb"))).Message);
    }

    [Fact]
    public void Read_DamagedGraph_IsRefused()
    {
        Refused(Change(graph => graph.Add("Relu", "net/relu", ["input"])), "has two called 'net/relu'");
        Refused(Change(graph => Node(graph, "net/relu").Input[0] = "gone"), "reads 'gone'");
        Refused(Change(graph => Node(graph, "net/biased").Input[1] = "net/probabilities"), "its own output");
        Refused(Change(graph => Node(graph, "net/w").Attr["value"].Tensor.TensorContent = ByteString.CopyFrom(1, 2, 3)), "has 432 bytes for its shape");
        Refused(Change(graph => Node(graph, "net/w").Attr["value"].Tensor.TensorShape = Graphs.Shape(1 << 20, 1 << 20)), "at most");
        Refused(Change(graph => Node(graph, "net/conv").Attr["strides"].List.I[1] = -1), "'strides'");
        Refused(Change(graph => Node(graph, "net/conv").Attr["strides"] = new AttrValue { F = 1 }), "of the kind List");
        Refused(Change(graph => Node(graph, "input").Attr["shape"].Shape.Dim[1].Size = 7), "square");
        Refused(Change(graph => Node(graph, "input").Attr["shape"] = new AttrValue { Shape = Graphs.Shape(-1, -1, -1, 3) }), "--side N");
        Refused(Change(graph => graph.Add("Relu", "reader", [graph.Add("Placeholder", "second", [], ("dtype", DataType.Float), ("shape", Graphs.Shape(-1, 6, 6, 3)))])),
            "has 2: input, second");
        Refused(Change(graph => Node(graph, "net/bias").Attr["value"].Tensor.FloatVal[0] = float.NaN), "finite numbers");

        static byte[] Change(Action<Graphs> change)
        {
            var graph = Network("net");
            change(graph);
            return graph.Graph.ToByteArray();
        }
        static NodeDef Node(Graphs graph, string name) => graph.Graph.Node.Single(node => node.Name == name);
    }

    [Fact]
    public void Read_UnknownFamily_AsksHowPicturesAreFed() =>
        Assert.Contains("--range -1..1, 0..1 or 0..255", Assert.Throws<TransferException>(() => Network("net").Import(options: new())).Message);

    [Fact]
    public void Read_BadOptions_AreRefused()
    {
        Assert.Contains("--input", Refused(new() { Input = "gone" }));
        Assert.Contains("--output", Refused(new() { Output = "gone" }));
        Assert.Contains("not computed from 'input'", Refused(new() { Output = "net/w" }));
        Assert.Contains("received 0", Refused(new() { Side = 0 }));
        Assert.Contains("the mean alone", Refused(new() { Mean = new(0) }));
        Assert.Contains("greater than 0", Refused(new() { Mean = new(0), Std = new(0) }));
        Assert.Contains("takes 3", Refused(new() { Mean = new(0), Std = new(1), Order = PixelOrder.Gray }));

        static string Refused(TensorFlowImportOptions options) => Assert.Throws<TransferException>(() => Network("net").Import(options: options)).Message;
    }

    /// <summary>input -> convolution, bias, relu -> pool -> matrix -> softmax: 12 nodes.</summary>
    internal static Graphs Network(string prefix)
    {
        var graph = Graphs.WithInput(6);
        Convolution(graph, $"{prefix}/conv", "input", $"{prefix}/w");
        graph.Add("Add", $"{prefix}/biased", [$"{prefix}/conv", graph.Float($"{prefix}/bias", 0.1f)]);
        graph.Add("Relu", $"{prefix}/relu", [$"{prefix}/biased"]);
        graph.Add("Mean", $"{prefix}/pool", [$"{prefix}/relu", graph.Ints($"{prefix}/axes", 1, 2)]);
        graph.Add("MatMul", $"{prefix}/logits", [$"{prefix}/pool", graph.Floats($"{prefix}/fc", OnnxModels.RandomFloats(4 * 5, 3), 4, 5)]);
        graph.Add("Softmax", $"{prefix}/probabilities", [$"{prefix}/logits"]);
        graph.Add("NoOp", $"{prefix}/init", []);
        return graph;
    }

    private static void Convolution(Graphs graph, string name, string input, string weights = "w") => graph.Add(
        "Conv2D", name, [input, graph.Floats(weights, Filter, 3, 3, 3, 4)], ("strides", new[] { 1, 1, 1, 1 }), ("padding", "SAME"));

    private static void Refused(byte[] file, string part) =>
        Assert.Contains(part, Assert.Throws<TransferException>(() => TensorFlowImport.Read(file, "test.pb", Graphs.Options())).Message);
}
