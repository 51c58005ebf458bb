using Google.Protobuf;
using MLNetTransfer.Backbones.Onnx;
using static MLNetTransfer.Backbones.Onnx.AttributeProto.Types;

namespace MLNetTransfer.Torch.Pretraining;

/// <summary>
/// Writes a trained network as ONNX: batch normalisation folded into the convolutions, images of any side, one tensor named after each stage so
/// that the backbone can be cut there.
/// </summary>
internal static class NetworkExport
{
    private const int IrVersion = 8;
    private const int Opset = 13;

    /// <summary>The names of the tensors at the ends of the stages, input to output.</summary>
    public static IReadOnlyList<string> StageTensors { get; } = [.. Enumerable.Range(1, ResidualNetwork.Widths.Length).Select(stage => FormattableString.Invariant($"stage{stage}"))];

    /// <summary>The names of the tensors behind the stem and every block, input to output; the last block of a stage has the name of the stage.</summary>
    public static IReadOnlyList<string> BlockTensors { get; } =
    [
        "stem",
        .. Enumerable.Range(0, StageTensors.Count).SelectMany(stage => Enumerable.Range(1, ResidualNetwork.Blocks[stage])
            .Select(block => block == ResidualNetwork.Blocks[stage] ? StageTensors[stage] : FormattableString.Invariant($"stage{stage + 1}_{block}"))),
    ];

    /// <summary>The bytes of the ONNX file. Input "image" [N, 3, H, W], normalised with mean .5 and deviation .25; output "logits" [N, classes].</summary>
    public static byte[] ToOnnx(ResidualNetwork network)
    {
        var graph = new GraphProto { Name = "formula-resnet" };
        graph.Input.Add(Declare("image", "N", 3, "H", "W"));
        var x = Relu(graph, Convolution(graph, network.Stem, "image", "stem_conv"), "stem");
        var index = 0;
        for (var stage = 0; stage < ResidualNetwork.Widths.Length; stage++)
        {
            for (var block = 0; block < ResidualNetwork.Blocks[stage]; block++)
                x = Block(graph, network.Stages[index++], x, block == ResidualNetwork.Blocks[stage] - 1 ? StageTensors[stage] : null);
        }

        graph.Node.Add(new NodeProto { OpType = "GlobalAveragePool", Name = "pool", Input = { x }, Output = { "pooled" } });
        graph.Node.Add(new NodeProto { OpType = "Flatten", Name = "flatten", Input = { "pooled" }, Output = { "features" } });
        var classifier = network.Classifier;
        graph.Initializer.Add(Floats("classifier_weight", classifier.weight!.data<float>().ToArray(), classifier.weight.shape));
        graph.Initializer.Add(Floats("classifier_bias", classifier.bias!.data<float>().ToArray(), classifier.bias.shape));
        graph.Node.Add(new NodeProto
        {
            OpType = "Gemm",
            Name = "classifier",
            Input = { "features", "classifier_weight", "classifier_bias" },
            Output = { "logits" },
            Attribute = { new AttributeProto { Name = "transB", Type = AttributeType.Int, I = 1 } },
        });
        graph.Output.Add(Declare("logits", "N", classifier.weight.shape[0]));
        var model = new ModelProto { IrVersion = IrVersion, ProducerName = "MLNetTransfer", Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = Opset });
        return model.ToByteArray();
    }

    private static string Block(GraphProto graph, ResidualBlock block, string input, string? stage)
    {
        var name = block.GetName();
        var x = Relu(graph, Convolution(graph, block.First, input, $"{name}_first"), $"{name}_first_relu");
        x = Convolution(graph, block.Second, x, $"{name}_second");
        var shortcut = block.Shortcut is null ? input : Convolution(graph, block.Shortcut, input, $"{name}_shortcut");
        graph.Node.Add(new NodeProto { OpType = "Add", Name = $"{name}_sum", Input = { x, shortcut }, Output = { $"{name}_sum" } });
        return Relu(graph, $"{name}_sum", stage ?? name);
    }

    private static string Convolution(GraphProto graph, ConvolutionUnit unit, string input, string name)
    {
        var (weight, bias) = unit.Fold();
        graph.Initializer.Add(Floats($"{name}_weight", weight, unit.Weight.shape));
        graph.Initializer.Add(Floats($"{name}_bias", bias, [bias.Length]));
        graph.Node.Add(new NodeProto
        {
            OpType = "Conv",
            Name = name,
            Input = { input, $"{name}_weight", $"{name}_bias" },
            Output = { name },
            Attribute = { Integers("strides", unit.Stride, unit.Stride), Integers("pads", unit.Padding, unit.Padding, unit.Padding, unit.Padding) },
        });
        return name;
    }

    private static string Relu(GraphProto graph, string input, string name)
    {
        graph.Node.Add(new NodeProto { OpType = "Relu", Name = name, Input = { input }, Output = { name } });
        return name;
    }

    private static AttributeProto Integers(string name, params ReadOnlySpan<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeType.Ints };
        foreach (var value in values)
            attribute.Ints.Add(value);
        return attribute;
    }

    private static TensorProto Floats(string name, float[] values, long[] shape)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)TensorProto.Types.DataType.Float, Dims = { shape } };
        tensor.SetFloats(values);
        return tensor;
    }

    /// <summary>A float tensor whose dimensions are numbers, or names where they are open.</summary>
    private static ValueInfoProto Declare(string name, params ReadOnlySpan<object> dimensions)
    {
        var shape = new TensorShapeProto();
        foreach (var dimension in dimensions)
        {
            shape.Dim.Add(dimension is string open
                ? new TensorShapeProto.Types.Dimension { DimParam = open }
                : new TensorShapeProto.Types.Dimension { DimValue = Convert.ToInt64(dimension, System.Globalization.CultureInfo.InvariantCulture) });
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new() { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape } } };
    }
}
