using MLNetTransfer.Backbones.Onnx;
using static MLNetTransfer.Tests.Backbones.OnnxModels;

namespace MLNetTransfer.Tests.Backbones;

/// <summary>ResNet-18 of He et al., "Deep Residual Learning for Image Recognition" (CVPR 2016), table 1, with zeros for weights.</summary>
internal static class ResidualNetworks
{
    /// <summary>As the ONNX zoo keeps it: opset 7, IR 3, all weights listed as inputs, batch 1, batch normalisation on its own.</summary>
    public static ModelProto ResNet18()
    {
        var graph = new GraphProto { Name = "resnet18", Input = { Value("data", 1, 3, 224, 224) }, Output = { new ValueInfoProto { Name = "scores" } } };
        var map = Normalised("conv0", Convolution("conv0", "data", 3, 64, 7, 2, 3), 64);
        map = Add(Node("MaxPool", [Add(Node("Relu", [map], "relu0"))], "pool0", Ints("kernel_shape", 3, 3), Ints("strides", 2, 2), Ints("pads", 1, 1, 1, 1)));
        var channels = 64;
        for (var block = 0; block < 8; block++)
        {
            var (filters, stride) = (64 << (block / 2), block is 2 or 4 or 6 ? 2 : 1);
            var name = $"stage{block / 2 + 1}_{block % 2 + 1}";
            var inner = Add(Node("Relu", [Normalised(name + "a", Convolution(name + "a", map, channels, filters, 3, stride, 1), filters)], name + "a_relu"));
            inner = Normalised(name + "b", Convolution(name + "b", inner, filters, filters, 3, 1, 1), filters);
            var shortcut = channels == filters ? map : Normalised(name + "s", Convolution(name + "s", map, channels, filters, 1, stride, 0), filters);
            map = Add(Node("Relu", [Add(Node("Add", [inner, shortcut], name + "_sum"))], name));
            channels = filters;
        }
        map = Add(Node("Reshape", [Add(Node("GlobalAveragePool", [map], "pool1")), Weights("flat", GraphNodes.Int64s("flat", 1, -1))], "flatten0"));
        Add(Node("Gemm", [map, Zeros("fc_w", 1000, 512), Zeros("fc_b", 1000)], "scores", Int("transB", 1)));
        return new ModelProto { IrVersion = 3, Graph = graph, OpsetImport = { new OperatorSetIdProto { Version = 7 } } };

        string Convolution(string name, string input, int from, int to, int kernel, int stride, int pad) =>
            Add(Node("Conv", [input, Zeros(name + "_w", to, from, kernel, kernel)], name, Ints("strides", stride, stride), Ints("pads", pad, pad, pad, pad)));

        string Normalised(string name, string input, int size) =>
            Add(Node("BatchNormalization", [input, Zeros(name + "_g", size), Zeros(name + "_h", size), Zeros(name + "_m", size), Zeros(name + "_v", size)], name + "_bn"));

        string Add(NodeProto node)
        {
            graph.Node.Add(node);
            return node.Output[0];
        }

        string Zeros(string name, params long[] dims) => Weights(name, new TensorProto
        {
            Name = name,
            DataType = (int)TensorProto.Types.DataType.Float,
            Dims = { dims },
            RawData = Google.Protobuf.ByteString.CopyFrom(new byte[4 * dims.Aggregate(1L, (a, b) => a * b)]),
        });

        string Weights(string name, TensorProto tensor)
        {
            graph.Initializer.Add(tensor);
            var input = Value(name, [.. tensor.Dims.Select(d => (object)(int)d)]);
            input.Type.TensorType.ElemType = tensor.DataType;
            graph.Input.Add(input);
            return name;
        }
    }
}
