using MLNetTransfer.Backbones.Onnx;

namespace MLNetTransfer.Backbones;

/// <summary>The convolution that reads the image, directly or after arithmetic on its pixels.</summary>
/// <param name="Filters">The number of filters, 1 or more.</param>
/// <param name="Channels">The channels of a filter.</param>
/// <param name="Height">The height of a filter.</param>
/// <param name="Width">The width of a filter.</param>
/// <param name="Weights">Filters x channels x height x width weights.</param>
internal sealed record FirstConvolution(int Filters, int Channels, int Height, int Width, float[] Weights)
{
    /// <summary>Finds it: the first convolution in the order of the graph whose filters have the channels of the image.</summary>
    /// <exception cref="TransferException">There is none of stored 32-bit weights.</exception>
    public static FirstConvolution Find(byte[] onnx, int channels, string source)
    {
        var graph = OnnxFile.Parse(onnx, source).Graph;
        var constants = graph.Constants();
        foreach (var node in graph.Node.Where(node => node.Is("Conv") && node.Input.Count > 1))
            if (constants.GetValueOrDefault(node.Input[1]) is { Dims: [var filters, var depth, var height, var width] } weights
                && depth == channels && weights.FloatValues(int.MaxValue) is { Length: > 0 } values)
                return new FirstConvolution((int)filters, (int)depth, (int)height, (int)width, values);
        throw new TransferException($"First-layer filters are the weights of a convolution over the {channels} channels of the image, stored as 32-bit floats; "
            + $"'{source}' has none. Choose a convolutional network, and not its quantised form.");
    }
}
