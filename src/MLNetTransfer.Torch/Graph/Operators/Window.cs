using TorchSharp;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Graph.Operators;

/// <summary>How a convolution or a pooling moves over a map.</summary>
internal sealed class Window
{
    private readonly string _automatic;

    private Window(OperatorNode node)
    {
        Strides = node.Ints("strides") ?? [1, 1];
        Dilations = node.Ints("dilations") ?? [1, 1];
        Pads = node.Ints("pads") ?? [0, 0, 0, 0];
        _automatic = node.Text("auto_pad", "NOTSET");
        if (Strides.Length != 2 || Dilations.Length != 2 || Pads.Length != 4)
            throw node.Fault($"works on {Strides.Length} axes; images have 2");
    }

    /// <summary>The step along height and width.</summary>
    public long[] Strides { get; }

    /// <summary>The distance between two values of the window along height and width.</summary>
    public long[] Dilations { get; }

    /// <summary>What is added at the top, left, bottom, right.</summary>
    public long[] Pads { get; }

    /// <summary>Whether both ends of each axis get the same, whatever the size of the map.</summary>
    public bool IsSymmetric => _automatic is "NOTSET" or "VALID" && Pads[0] == Pads[2] && Pads[1] == Pads[3];

    public static Window Of(OperatorNode node) => new(node);

    /// <summary>
    /// Pads a map unless the layer itself can: what is left for the layer to add at both ends of each axis comes back beside it.
    /// </summary>
    public (Tensor Map, long[] Padding) Pad(Tensor map, long[] kernel, double value)
    {
        var pads = PadsFor(map, kernel);
        if (pads[0] == pads[2] && pads[1] == pads[3])
            return (map, pads[..2]);
        return (nn.functional.pad(map, [pads[1], pads[3], pads[0], pads[2]], PaddingModes.Constant, value), [0, 0]);
    }

    /// <summary>What is added at the top, left, bottom, right of a map.</summary>
    public long[] PadsFor(Tensor map, long[] kernel)
    {
        if (_automatic is "NOTSET")
            return Pads;
        var pads = new long[4];
        if (_automatic is "VALID")
            return pads;
        for (var axis = 0; axis < 2; axis++)
        {
            var size = map.shape[axis + 2];
            var reach = (kernel[axis] - 1) * Dilations[axis] + 1;
            var total = Math.Max(0, ((size + Strides[axis] - 1) / Strides[axis] - 1) * Strides[axis] + reach - size);
            pads[axis] = _automatic is "SAME_LOWER" ? total - total / 2 : total / 2;
            pads[axis + 2] = total - pads[axis];
        }
        return pads;
    }
}
