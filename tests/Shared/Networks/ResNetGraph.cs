using Google.Protobuf;
using MLNetTransfer.Backbones.Onnx;
using static MLNetTransfer.Backbones.Onnx.AttributeProto.Types;

namespace MLNetTransfer.TestSupport;

/// <summary>
/// Residual networks of the shapes of He et al., "Deep Residual Learning for Image Recognition" (2016), strides as in torchvision: "image"
/// [N, 3, side, side] -> "pooled" -> 1000 "logits". Weights are He-normal draws as if batch normalisation had been folded into them, the last
/// convolution of a block at half size so that sums stay bounded: what takes time does not depend on the weights.
/// </summary>
internal sealed class ResNetGraph
{
    private static readonly int[] Widths = [64, 128, 256, 512];
    private readonly GraphProto _graph = new() { Name = "resnet" };
    private readonly int _seed;

    private ResNetGraph(int seed) => _seed = seed;

    /// <summary>The bytes of the ONNX file of ResNet-18 or ResNet-50.</summary>
    /// <param name="layers">18 or 50.</param>
    /// <param name="side">The side of an image.</param>
    /// <param name="seed">The same seed gives the same weights.</param>
    public static byte[] Build(int layers, int side = 224, int seed = 1) => layers switch
    {
        18 => new ResNetGraph(seed).Write([2, 2, 2, 2], isBottleneck: false, side),
        50 => new ResNetGraph(seed).Write([3, 4, 6, 3], isBottleneck: true, side),
        _ => throw new ArgumentOutOfRangeException(nameof(layers), layers, "The networks have 18 or 50 layers."),
    };

    private byte[] Write(int[] blocks, bool isBottleneck, int side)
    {
        _graph.Input.Add(Declare("image", 3, side, side));
        var (x, channels) = (Relu(Convolution("image", "stem_conv", 3, Widths[0], 7, 2), "stem"), Widths[0]);
        _graph.Node.Add(new NodeProto
        {
            OpType = "MaxPool",
            Input = { x },
            Output = { "stem_pool" },
            Attribute = { Ints("kernel_shape", 3, 3), Ints("strides", 2, 2), Ints("pads", 1, 1, 1, 1) },
        });
        x = "stem_pool";
        for (var stage = 0; stage < blocks.Length; stage++)
        {
            for (var block = 0; block < blocks[stage]; block++)
            {
                var name = FormattableString.Invariant($"stage{stage + 1}_{block + 1}");
                var (stride, width) = (stage > 0 && block == 0 ? 2 : 1, Widths[stage] * (isBottleneck ? 4 : 1));
                var inner = isBottleneck
                    ? Convolution(Relu(Convolution(Relu(Convolution(x, $"{name}_a", channels, Widths[stage], 1, 1), $"{name}_a_relu"),
                        $"{name}_b", Widths[stage], Widths[stage], 3, stride), $"{name}_b_relu"), $"{name}_c", Widths[stage], width, 1, 1, gain: 0.5)
                    : Convolution(Relu(Convolution(x, $"{name}_a", channels, width, 3, stride), $"{name}_a_relu"), $"{name}_b", width, width, 3, 1, gain: 0.5);
                var shortcut = stride == 1 && channels == width ? x : Convolution(x, $"{name}_shortcut", channels, width, 1, stride, gain: 0.7);
                _graph.Node.Add(new NodeProto { OpType = "Add", Input = { inner, shortcut }, Output = { $"{name}_sum" } });
                (x, channels) = (Relu($"{name}_sum", name), width);
            }
        }
        _graph.Node.Add(new NodeProto { OpType = "GlobalAveragePool", Input = { x }, Output = { "pooled" } });
        _graph.Node.Add(new NodeProto { OpType = "Flatten", Input = { "pooled" }, Output = { "flat" } });
        _graph.Initializer.Add(HeNormal("classifier_weight", 1, channels, 1000));
        _graph.Node.Add(new NodeProto { OpType = "MatMul", Input = { "flat", "classifier_weight" }, Output = { "logits" } });
        _graph.Output.Add(Declare("logits", 1000));
        return new ModelProto { IrVersion = 8, Graph = _graph, OpsetImport = { new OperatorSetIdProto { Version = 13 } } }.ToByteArray();
    }

    private string Convolution(string input, string name, int from, int to, int size, int stride, double gain = 1)
    {
        _graph.Initializer.Add(HeNormal($"{name}_weight", gain, to, from, size, size));
        _graph.Initializer.Add(HeNormal($"{name}_bias", 0.1, to));
        var padding = size / 2;
        _graph.Node.Add(new NodeProto
        {
            OpType = "Conv",
            Input = { input, $"{name}_weight", $"{name}_bias" },
            Output = { name },
            Attribute = { Ints("strides", stride, stride), Ints("pads", padding, padding, padding, padding) },
        });
        return name;
    }

    private string Relu(string input, string name)
    {
        _graph.Node.Add(new NodeProto { OpType = "Relu", Input = { input }, Output = { name } });
        return name;
    }

    private TensorProto HeNormal(string name, double gain, params ReadOnlySpan<long> shape)
    {
        var (size, fanIn) = (1L, 1L);
        for (var i = 0; i < shape.Length; i++)
            (size, fanIn) = (size * shape[i], i == 0 && shape.Length > 2 ? 1 : fanIn * shape[i]);
        if (shape.Length == 2)
            fanIn = shape[0];
        var (values, random) = (new float[size], RandomStream.Derive(_seed, name));
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(gain * Math.Sqrt(2.0 / fanIn) * random.NextNormal());
        var tensor = new TensorProto { Name = name, DataType = (int)TensorProto.Types.DataType.Float, Dims = { shape.ToArray() } };
        tensor.SetFloats(values);
        return tensor;
    }

    private static AttributeProto Ints(string name, params long[] values) => new() { Name = name, Type = AttributeType.Ints, Ints = { values } };

    private static ValueInfoProto Declare(string name, params ReadOnlySpan<long> shape)
    {
        var value = new ValueInfoProto { Name = name };
        ImageInput.Declare(value, shape);
        return value;
    }
}
