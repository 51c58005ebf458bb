using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MLNetTransfer.Backbones.Onnx;
using static MLNetTransfer.Backbones.Onnx.AttributeProto.Types;

namespace MLNetTransfer.Tests.Backbones;

/// <summary>Builds small ONNX models and runs models of any size: the oracle is ONNX Runtime on the uncut graph.</summary>
internal static class OnnxModels
{
    public const int Side = 8;

    /// <summary>image [N, channels, 8, 8] -> 3x3 convolution with 6 filters -> "map" [N, 6, 8, 8] -> the nodes given -> "output".</summary>
    public static ModelProto Network(IEnumerable<NodeProto> head, IEnumerable<TensorProto> constants, string batch = "N", int channels = 3, int opset = 13)
    {
        var graph = new GraphProto { Name = "test" };
        graph.Input.Add(Value("image", [batch, channels, Side, Side]));
        graph.Output.Add(new ValueInfoProto { Name = "output" });
        graph.Initializer.Add(Floats("w", [6, channels, 3, 3], 1));
        graph.Initializer.Add(Floats("b", [6], 2));
        graph.Initializer.Add(constants);
        graph.Node.Add(Node("Conv", ["image", "w", "b"], "conv", Ints("pads", 1, 1, 1, 1)));
        graph.Node.Add(Node("Relu", ["conv"], "map"));
        graph.Node.Add(head);
        return new ModelProto { IrVersion = 8, Graph = graph, OpsetImport = { new OperatorSetIdProto { Version = opset } } };
    }

    /// <summary>The usual network: pooled, flattened, classified into 4.</summary>
    public static ModelProto Classifier(string batch = "N", int channels = 3, int opset = 13) => Network(
        [
            Node("GlobalAveragePool", ["map"], "pool"),
            Node("Flatten", ["pool"], "flat"),
            Node("Gemm", ["flat", "fc", "bias"], "output", Int("transB", 1)),
        ],
        [Floats("fc", [4, 6], 3), Floats("bias", [4], 4)], batch, channels, opset);

    public static NodeProto Node(string type, string[] inputs, string output, params AttributeProto[] attributes) =>
        new() { OpType = type, Input = { inputs }, Output = { output }, Attribute = { attributes }, Name = output };

    public static AttributeProto Int(string name, long value) => new() { Name = name, Type = AttributeType.Int, I = value };

    public static AttributeProto Ints(string name, params long[] values) => new() { Name = name, Type = AttributeType.Ints, Ints = { values } };

    public static TensorProto Floats(string name, long[] dims, int seed)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)TensorProto.Types.DataType.Float, Dims = { dims } };
        tensor.FloatData.Add(RandomFloats((int)dims.Aggregate(1L, (a, b) => a * b), seed));
        return tensor;
    }

    public static ValueInfoProto Value(string name, params object[] dims)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(dims.Select(d => d is int size
            ? new TensorShapeProto.Types.Dimension { DimValue = size }
            : int.TryParse((string)d, out var number) ? new() { DimValue = number } : new() { DimParam = (string)d }));
        return new() { Name = name, Type = new TypeProto { TensorType = new() { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape } } };
    }

    public static float[] RandomFloats(int count, int seed)
    {
        var stream = RandomStream.Derive(seed, "test");
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = stream.NextSingle(-1, 1);
        return values;
    }

    public static ModelProto Parse(byte[] onnx) => ModelProto.Parser.ParseFrom(onnx);

    /// <summary>The values of some tensors of a model, added to its outputs if need be, for a batch of images.</summary>
    public static Dictionary<string, float[]> Run(byte[] onnx, float[] images, int batch, int channels, int side, params string[] tensors)
    {
        var model = ModelProto.Parser.ParseFrom(onnx);
        foreach (var tensor in tensors)
            if (model.Graph.Output.All(o => o.Name != tensor))
                model.Graph.Output.Add(new ValueInfoProto { Name = tensor });
        using var options = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using var session = new InferenceSession(model.ToByteArray(), options);
        var input = NamedOnnxValue.CreateFromTensor(session.InputMetadata.Keys.Single(), new DenseTensor<float>(images, [batch, channels, side, side]));
        using var results = session.Run([input], tensors);
        return results.ToDictionary(r => r.Name, r => r.AsTensor<float>().ToArray());
    }

    /// <summary>The one output of a model.</summary>
    public static float[] Run(byte[] onnx, string output, float[] images, int batch = 1, int channels = 3, int side = Side) =>
        Run(onnx, images, batch, channels, side, output)[output];

    public static void AssertClose(float[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"At {i}: expected {expected[i]}, received {actual[i]}.");
    }
}
