using Google.Protobuf;
using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Images;
using SkiaSharp;

namespace MLNetTransfer.Tests.Bottlenecks;

/// <summary>A network small enough to compute by hand, and pictures for it.</summary>
internal static class Tiny
{
    public const int Side = 12;

    public static Preprocessing Preprocessing { get; } = Preprocessing.ImageNet(Side);

    /// <summary>One operator on the pixels (or the quantised pixels), averaged over each channel by the cut: three features.</summary>
    public static BackboneCut Cut(string operation = "Relu")
    {
        var graph = new GraphProto { Name = "tiny", Input = { Value("pixels", Side) }, Output = { Value("activations", Side) } };
        if (operation == "DynamicQuantizeLinear")
        {
            graph.Node.Add(new NodeProto { OpType = operation, Input = { "pixels" }, Output = { "bytes", "scale", "zero" } });
            graph.Node.Add(new NodeProto { OpType = "DequantizeLinear", Input = { "bytes", "scale", "zero" }, Output = { "activations" } });
        }
        else
        {
            graph.Node.Add(new NodeProto { OpType = operation, Input = { "pixels" }, Output = { "activations" } });
        }
        var model = new ModelProto { IrVersion = 8, Graph = graph, OpsetImport = { new OperatorSetIdProto { Domain = "", Version = 13 } } };
        var description = new BackboneDescription
        {
            Name = "tiny",
            Preprocessing = Preprocessing,
            Cuts = [new CutDescription { Name = "activations", Tensors = ["activations"] }],
        };
        var backbone = Backbone.FromBytes(model.ToByteArray(), description, "tiny.onnx");
        return backbone.CutAt(backbone.DefaultCut);
    }

    /// <summary>The features of the network with Relu, computed without ONNX Runtime.</summary>
    public static float[] Features(string path)
    {
        var tensor = new float[Preprocessing.TensorLength];
        ImageDecoder.Decode(path, Preprocessing, tensor, out _);
        return [.. tensor.Chunk(Side * Side).Select(channel => (float)channel.Average(value => Math.Max(0d, value)))];
    }

    /// <summary>Writes PNG files of random colours and sizes.</summary>
    public static string[] WritePictures(Func<string, string> file, int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            using var bitmap = new SKBitmap(20 + random.Next(30), 20 + random.Next(30));
            for (var y = 0; y < bitmap.Height; y++)
                for (var x = 0; x < bitmap.Width; x++)
                    bitmap.SetPixel(x, y, new SKColor((byte)random.Next(256), (byte)(x * 5), (byte)(y * 5 + i)));
            var path = file(FormattableString.Invariant($"{i:D3}.png"));
            using var stream = File.Create(path);
            bitmap.Encode(stream, SKEncodedImageFormat.Png, 100);
            return path;
        })];
    }

    private static ValueInfoProto Value(string name, int side)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "N" });
        foreach (var size in new[] { 3, side, side })
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = size });
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape } },
        };
    }
}
