using Google.Protobuf;
using MLNetTransfer.Backbones.TensorFlow;
using MLNetTransfer.Images;

namespace MLNetTransfer.Tests.Backbones.TensorFlow;

/// <summary>Builds small TensorFlow graphs, node by node, and runs what becomes of them.</summary>
internal sealed class Graphs
{
    public GraphDef Graph { get; } = new();

    /// <summary>A graph with the placeholder "input".</summary>
    public static Graphs WithInput(int side, int channels = 3, params long[] shape)
    {
        var graph = new Graphs();
        graph.Add("Placeholder", "input", [], ("dtype", DataType.Float), ("shape", shape.Length > 0 ? Shape(shape) : Shape(-1, side, side, channels)));
        return graph;
    }

    public static ShapeDef Shape(params IEnumerable<long> sizes) => new() { Dim = { sizes.Select(size => new ShapeDef.Types.Dim { Size = size }) } };

    public string Add(string type, string name, string[] inputs, params (string Name, object Value)[] attributes)
    {
        var node = new NodeDef { Name = name, Op = type, Input = { inputs } };
        foreach (var (key, value) in attributes)
            node.Attr.Add(key, value switch
            {
                string text => new AttrValue { S = ByteString.CopyFromUtf8(text) },
                bool flag => new AttrValue { B = flag },
                int number => new AttrValue { I = number },
                float number => new AttrValue { F = number },
                int[] numbers => new AttrValue { List = new() { I = { numbers.Select(n => (long)n) } } },
                DataType dataType => new AttrValue { Type = (int)dataType },
                ShapeDef shape => new AttrValue { Shape = shape },
                TensorDef tensor => new AttrValue { Tensor = tensor },
                _ => throw new ArgumentException(key),
            });
        Graph.Node.Add(node);
        return name;
    }

    /// <summary>An array, as the bytes of tensor_content.</summary>
    public string Floats(string name, float[] values, params int[] shape)
    {
        var bytes = new byte[values.Length * sizeof(float)];
        Buffer.BlockCopy(values, 0, bytes, 0, bytes.Length);
        return Constant(name, new TensorDef { Dtype = (int)DataType.Float, TensorShape = Shape(shape.Select(d => (long)d)), TensorContent = ByteString.CopyFrom(bytes) });
    }

    /// <summary>A single number.</summary>
    public string Float(string name, float value) =>
        Constant(name, new TensorDef { Dtype = (int)DataType.Float, TensorShape = Shape(), FloatVal = { value } });

    /// <summary>A row of integers.</summary>
    public string Ints(string name, params int[] values) =>
        Constant(name, new TensorDef { Dtype = (int)DataType.Int32, TensorShape = Shape(values.Length), IntVal = { values } });

    /// <summary>A single integer.</summary>
    public string Int(string name, int value) => Constant(name, new TensorDef { Dtype = (int)DataType.Int32, TensorShape = Shape(), IntVal = { value } });

    public string Constant(string name, TensorDef tensor) => Add("Const", name, [], ("value", tensor), ("dtype", (DataType)tensor.Dtype));

    public static TensorFlowImportOptions Options(string? output = null) => new() { Output = output, Mean = new ChannelValues(0), Std = new ChannelValues(1) };

    public ImportedBackbone Import(string? output = null, TensorFlowImportOptions? options = null) =>
        TensorFlowImport.Read(Graph.ToByteArray(), "test.pb", options ?? Options(output));

    /// <summary>What a tensor is for one image, as the ONNX graph stores it: channels first.</summary>
    public float[] Run(Map image, string output) =>
        OnnxModels.Run(Import(output).Onnx, output, image.Stored(), 1, image.Channels, image.Height);
}
