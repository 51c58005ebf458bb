using System.Globalization;
using MLNetTransfer.Images;

namespace MLNetTransfer.Backbones.Onnx;

/// <summary>The one input of a graph that takes images: 32-bit floats [N, channels, side, side] or [N, side, side, channels].</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Layout">Where the channels are.</param>
/// <param name="Channels">3, or 1 for grey; null when the graph leaves it open.</param>
/// <param name="Side">Height and width in pixels; null when the graph leaves them open.</param>
internal sealed record ImageInput(string Name, TensorLayout Layout, int? Channels, int? Side)
{
    /// <summary>Finds the input and checks its type and shape.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="layout">Where a description says that the channels are; null without one, where the sizes tell, and NCHW when they leave it open.</param>
    /// <param name="model">What to call it in messages.</param>
    /// <exception cref="TransferException">There is not exactly one input, or it does not take images.</exception>
    public static ImageInput Find(GraphProto graph, TensorLayout? layout, string model)
    {
        var inputs = graph.FreeInputs().ToList();
        if (inputs is not [var input])
            throw new TransferException(
                $"A backbone has one input, the image; '{model}' has {inputs.Count}{List(inputs)}. Choose a network that takes a picture alone.");
        var type = input.Type?.TensorType;
        if (type?.ElemType != (int)TensorProto.Types.DataType.Float || type.Shape is null)
            throw Unfit($"is of element type {type?.ElemType ?? 0} (1 is float){(type?.Shape is null ? " and without a shape" : "")}");
        var shape = type.Shape.Dim.Select(d => d.HasDimValue ? d.DimValue : (long?)null).ToArray();
        var found = shape is [_, var first, var second, var third]
            ? new[] { Candidate(TensorLayout.Nchw, first, second, third), Candidate(TensorLayout.Nhwc, third, first, second) }
                .OfType<ImageInput>().OrderByDescending(candidate => candidate.Layout == layout).FirstOrDefault()
            : null;
        return found ?? throw Unfit($"is [{string.Join(", ", shape.Take(8).Select(d => d?.ToString(CultureInfo.InvariantCulture) ?? "?"))}]");

        ImageInput? Candidate(TensorLayout layout, long? channels, long? height, long? width) =>
            channels is null or 1 or 3 && height is null or (>= 1 and <= Preprocessing.MaxSide) && height == width
                ? new ImageInput(input.Name, layout, (int?)channels, (int?)height)
                : null;

        TransferException Unfit(string received) =>
            new($"A backbone takes images as float32 [N, 3, S, S], [N, S, S, 3] or with 1 for 3, S at most {Preprocessing.MaxSide}; " +
                $"'{input.Name}' of '{model}' {received}. Export the network with such an input.");
    }

    /// <summary>The shape of one image.</summary>
    public long[] ShapeOf(Preprocessing preprocessing)
    {
        long side = preprocessing.Side;
        return Layout == TensorLayout.Nchw ? [preprocessing.Channels, side, side] : [side, side, preprocessing.Channels];
    }

    /// <summary>Declares the input with N open.</summary>
    public void Declare(GraphProto graph, Preprocessing preprocessing) => Declare(graph.Input.First(i => i.Name == Name), ShapeOf(preprocessing));

    /// <summary>Declares a tensor of 32-bit floats whose first dimension, N, is open.</summary>
    public static void Declare(ValueInfoProto value, params ReadOnlySpan<long> dimensions)
    {
        var shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimParam = "N" } } };
        foreach (var dimension in dimensions)
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = dimension });
        value.Type = new TypeProto { TensorType = new() { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape } };
    }

    private static string List(List<ValueInfoProto> inputs) =>
        inputs.Count == 0 ? "" : $" ({string.Join(", ", inputs.Take(5).Select(i => $"'{i.Name}'"))}{(inputs.Count > 5 ? ", ..." : "")})";
}
