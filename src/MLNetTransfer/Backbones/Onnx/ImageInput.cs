namespace MLNetTransfer.Backbones.Onnx;

/// <summary>The one input of a graph that takes images: 32-bit floats [N, channels, side, side].</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Channels">3, or 1 for grey; null when the graph leaves it open.</param>
/// <param name="Side">Height and width in pixels; null when the graph leaves them open.</param>
internal sealed record ImageInput(string Name, int? Channels, int? Side)
{
    /// <summary>Finds the input and checks its type and shape.</summary>
    /// <exception cref="TransferException">There is not exactly one input, or it does not take images.</exception>
    public static ImageInput Find(GraphProto graph, string model)
    {
        var inputs = graph.FreeInputs().ToList();
        if (inputs is not [var input])
            throw new TransferException(
                $"A backbone has one input, the image; '{model}' has {inputs.Count}{List(inputs)}. Choose a network that takes a picture alone.");
        var type = input.Type?.TensorType;
        if (type?.ElemType != (int)TensorProto.Types.DataType.Float || type.Shape is null)
            throw Unfit($"is of element type {type?.ElemType ?? 0} (1 is float){(type?.Shape is null ? " and without a shape" : "")}");
        var shape = type.Shape.Dim.Select(d => d.HasDimValue ? d.DimValue : (long?)null).ToArray();
        return shape switch
        {
            [_, null or 1 or 3, var height, var width] when height == width && height is null or >= 1 and <= Images.Preprocessing.MaxSide =>
                new ImageInput(input.Name, (int?)shape[1], (int?)height),
            _ => throw Unfit($"is [{string.Join(", ", shape.Select(d => d?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?"))}]"),
        };

        TransferException Unfit(string received) =>
            new($"A backbone takes images as float32 [N, 3, S, S] or [N, 1, S, S], S at most {Images.Preprocessing.MaxSide}; " +
                $"'{input.Name}' of '{model}' {received}. Export the network with such an input.");
    }

    private static string List(List<ValueInfoProto> inputs) =>
        inputs.Count == 0 ? "" : $" ({string.Join(", ", inputs.Take(5).Select(i => $"'{i.Name}'"))}{(inputs.Count > 5 ? ", ..." : "")})";

    /// <summary>Declares the input as [N, channels, side, side] with N open.</summary>
    public void Declare(GraphProto graph, int channels, int side) => Declare(graph.Input.First(i => i.Name == Name), channels, side, side);

    /// <summary>Declares a tensor of 32-bit floats whose first dimension, N, is open.</summary>
    public static void Declare(ValueInfoProto value, params ReadOnlySpan<int> dimensions)
    {
        var shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimParam = "N" } } };
        foreach (var dimension in dimensions)
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = dimension });
        value.Type = new TypeProto { TensorType = new() { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape } };
    }
}
