using MLNetTransfer.Backbones.TensorFlow;

namespace MLNetTransfer.Tests.Backbones.TensorFlow;

/// <summary>Small valid graphs that between them use every part of the importer, from which damaged ones are made.</summary>
internal static class FuzzSeeds
{
    private static readonly int[] Once = [1, 1, 1, 1];

    public static IReadOnlyList<GraphDef> All { get; } = [TensorFlowImportTests.Network("net").Graph, Residual(), Keras(), Inception(), Training(), Decoded()];

    private static GraphDef Residual()
    {
        var graph = Graphs.WithInput(8);
        graph.Add("Pad", "pad", ["input", OperatorTests.Ints2(graph, "pads", 0, 0, 1, 1, 1, 1, 0, 0)]);
        Conv(graph, "conv", "pad", 3, 3, 4, "VALID");
        Channels(graph, "gamma", "beta", "mean", "variance");
        graph.Add("FusedBatchNormV3", "norm", ["conv", "gamma", "beta", "mean", "variance"], ("epsilon", 0.001f), ("is_training", false), ("data_format", "NHWC"));
        graph.Add("Relu6", "relu", ["norm"]);
        graph.Add("DepthwiseConv2dNative", "depthwise", ["relu", graph.Floats("dw", OnnxModels.RandomFloats(36, 3), 3, 3, 4, 1)], ("strides", new[] { 1, 2, 2, 1 }), ("padding", "SAME"));
        graph.Add("MaxPool", "shortcut", ["relu"], ("ksize", Once), ("strides", new[] { 1, 2, 2, 1 }), ("padding", "SAME"));
        graph.Add("AddV2", "add", ["shortcut", "depthwise"]);
        graph.Add("BatchNormWithGlobalNormalization", "post", ["add", "mean", "variance", "beta", "gamma"], ("variance_epsilon", 0.001f));
        graph.Add("Mean", "pool", ["post", graph.Ints("axes", 1, 2)], ("keep_dims", true));
        Conv(graph, "logits", "pool", 1, 4, 5, "SAME");
        graph.Add("Squeeze", "squeeze", ["logits"], ("squeeze_dims", new[] { 1, 2 }));
        graph.Add("Softmax", "softmax", ["squeeze"]);
        return graph.Graph;
    }

    private static GraphDef Keras()
    {
        var graph = Graphs.WithInput(6);
        graph.Add("Transpose", "nchw", ["input", graph.Ints("there", 0, 3, 1, 2)]);
        graph.Add("Conv2D", "conv", ["nchw", graph.Floats("w", OnnxModels.RandomFloats(108, 2), 3, 3, 3, 4)], ("strides", Once), ("padding", "EXPLICIT"), ("explicit_paddings", new[] { 0, 0, 0, 0, 1, 1, 2, 0 }), ("data_format", "NCHW"));
        graph.Add("BiasAdd", "bias", ["conv", graph.Floats("b", [1, 2, 3, 4], 4)], ("data_format", "NCHW"));
        graph.Add("Transpose", "nhwc", ["bias", graph.Ints("back", 0, 2, 3, 1)]);
        graph.Add("Shape", "shape", ["nhwc"]);
        graph.Add("StridedSlice", "images", ["shape", graph.Ints("begin", 0), graph.Ints("end", 1), graph.Ints("step", 1)], ("shrink_axis_mask", 1));
        graph.Add("Slice", "sizes", ["shape", graph.Ints("from", 1), graph.Ints("count", -1)]);
        graph.Add("Prod", "product", ["sizes", graph.Ints("zero", 0)]);
        graph.Add("Pack", "target", ["images", "product"]);
        graph.Add("Reshape", "flat", ["nhwc", "target"]);
        graph.Add("Mul", "scaled", ["flat", graph.Float("half", 0.5f)]);
        graph.Add("MatMul", "hidden", ["scaled", graph.Floats("fc", OnnxModels.RandomFloats(144 * 3, 3), 144, 3)]);
        graph.Add("LeakyRelu", "leaky", ["hidden"], ("alpha", 0.1f));
        graph.Add("ExpandDims", "expanded", ["leaky", graph.Int("one", 1)]);
        graph.Add("Reshape", "again", ["expanded", graph.Ints("row", -1, 3)]);
        graph.Add("Sigmoid", "output", ["again"]);
        return graph.Graph;
    }

    private static GraphDef Inception()
    {
        var graph = Graphs.WithInput(9);
        Conv(graph, "conv", "input", 3, 3, 4, "SAME");
        graph.Add("LRN", "lrn", ["conv"], ("depth_radius", 2), ("alpha", 0.1f));
        graph.Add("SpaceToBatchND", "blocks", ["lrn", graph.Ints("block", 2, 2), OperatorTests.Ints2(graph, "pads", 2, 3, 2, 3)]);
        Conv(graph, "dilated", "blocks", 3, 4, 2, "VALID");
        graph.Add("BatchToSpaceND", "joined", ["dilated", "block", OperatorTests.Ints2(graph, "crops", 0, 1, 0, 1)]);
        graph.Add("AvgPool", "mean", ["lrn"], ("ksize", new[] { 1, 3, 3, 1 }), ("strides", Once), ("padding", "SAME"));
        graph.Add("Split", "parts", [graph.Int("axis", 3), "mean"], ("num_split", 2));
        graph.Add("Concat", "concat", ["axis", "joined", "parts", "parts:1"]);
        graph.Add("Maximum", "max", ["concat", graph.Floats("mask", OnnxModels.RandomFloats(9 * 9 * 6, 5), 9, 9, 6)]);
        graph.Add("AvgPool", "pool", ["max"], ("ksize", new[] { 1, 9, 9, 1 }), ("strides", Once), ("padding", "VALID"));
        graph.Add("Reshape", "row", ["pool", graph.Ints("shape", -1, 6)]);
        graph.Add("MatMul", "matmul", ["row", graph.Floats("fc", OnnxModels.RandomFloats(12, 3), 2, 6)], ("transpose_b", true));
        graph.Add("Softmax", "softmax", ["matmul"]);
        return graph.Graph;
    }

    private static GraphDef Training()
    {
        var graph = Graphs.WithInput(6);
        graph.Add("Placeholder", "is_training", [], ("dtype", DataType.Bool));
        Conv(graph, "conv", "input", 3, 3, 4, "SAME");
        Channels(graph, "gamma", "beta", "mean", "variance");
        graph.Add("Add", "v", ["variance", graph.Float("epsilon", 0.001f)]);
        graph.Add("Rsqrt", "r", ["v"]);
        graph.Add("Mul", "s", ["r", "gamma"]);
        graph.Add("Mul", "scaled", ["conv", "s"]);
        graph.Add("Mul", "m", ["s", "mean"]);
        graph.Add("Sub", "shift", ["beta", "m"]);
        graph.Add("Add", "norm", ["scaled", "shift"]);
        graph.Add("Switch", "switch", ["norm", "is_training"]);
        graph.Add("Identity", "eval", ["switch"]);
        graph.Add("Square", "train", ["switch:1"]);
        graph.Add("Merge", "merged", ["eval", "train"]);
        graph.Add("Fill", "filled", [graph.Ints("size", 4), graph.Float("two", 2)]);
        graph.Add("RealDiv", "divided", ["merged", "filled"]);
        graph.Add("AddN", "sum", ["divided", "merged"]);
        graph.Add("Mean", "output", ["sum", graph.Ints("axes", -3, -2)]);
        return graph.Graph;
    }

    private static GraphDef Decoded()
    {
        var graph = new Graphs();
        graph.Constant("contents", new TensorDef { Dtype = (int)DataType.Text, TensorShape = Graphs.Shape(), StringVal = { Google.Protobuf.ByteString.CopyFromUtf8("x") } });
        graph.Add("DecodeJpeg", "decode", ["contents"], ("channels", 3));
        graph.Add("Cast", "cast", ["decode"], ("SrcT", DataType.UInt8), ("DstT", DataType.Float));
        graph.Add("ExpandDims", "expanded", ["cast", graph.Int("zero", 0)]);
        graph.Add("ResizeBilinear", "resized", ["expanded", graph.Ints("size", 6, 6)]);
        graph.Add("Sub", "sub", ["resized", graph.Float("mean", 128)]);
        Conv(graph, "conv", "sub", 3, 3, 4, "VALID");
        graph.Add("CheckNumerics", "checked", ["conv"]);
        graph.Add("MirrorPad", "mirror", ["checked", OperatorTests.Ints2(graph, "pads", 0, 0, 1, 1, 0, 1, 0, 0)], ("mode", "REFLECT"));
        graph.Add("Mean", "pool", ["mirror", graph.Ints("axes", 1, 2)]);
        return graph.Graph;
    }

    private static void Conv(Graphs graph, string name, string input, int size, int read, int written, string padding) => graph.Add(
        "Conv2D", name, [input, graph.Floats($"{name}/w", OnnxModels.RandomFloats(size * size * read * written, 2), size, size, read, written)], ("strides", Once), ("padding", padding), ("dilations", Once));

    private static void Channels(Graphs graph, params string[] names)
    {
        foreach (var name in names)
            graph.Floats(name, [0.5f, 1, 1.5f, 2], 4);
    }
}
