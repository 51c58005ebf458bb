using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Images;

namespace MLNetTransfer.Backbones;

/// <summary>What the images of a network without a description are, from what its graph shows.</summary>
internal static class PreprocessingGuess
{
    /// <summary>The preprocessing, and whether it is merely assumed: nothing in the graph speaks for it.</summary>
    /// <exception cref="TransferException">The graph leaves the side of its images open.</exception>
    public static (Preprocessing Preprocessing, bool IsAssumed) Of(ModelProto model, ImageInput input, string source)
    {
        if (input.Side is not { } side)
            throw new TransferException(
                $"Without a description the input of a network declares the side of its images; that of '{source}' leaves it open. " +
                $"Describe it in '{Path.ChangeExtension(source, ".json")}'.");
        var imageNet = Preprocessing.ImageNet(side) with { Layout = input.Layout, Order = input.Channels == 1 ? PixelOrder.Gray : PixelOrder.Rgb };
        if (Normalised(model.Graph, input.Name) is { } std)
            return (imageNet with { Mean = new(0), Std = new(std) }, false);
        // torchvision trains all its classifiers with the mean and deviation of ImageNet.
        var isTorchvision = model.ProducerName == "pytorch" && input is { Channels: 3, Layout: TensorLayout.Nchw };
        return (imageNet, !isTorchvision);
    }

    /// <summary>
    /// When the graph begins by scaling and shifting its image to numbers about 0 itself: 1 if it takes 0..1, 1/255 if it takes 0..255. Null
    /// when it does not begin so, or the numbers fit neither.
    /// </summary>
    private static float? Normalised(GraphProto graph, string image)
    {
        var constants = graph.Constants();
        var (tensor, scale, shift, isAffine) = (image, 1.0, 0.0, false);
        foreach (var node in graph.Node.Where(node => node.Input.Contains(tensor)))
        {
            if (node.Is("Transpose", "Identity", "Cast") && node.Output.Count > 0)
                tensor = node.Output[0];
            else if (node is { Input.Count: 2, Output.Count: 1 } && Operand(node) is { } operand && node.Is("Add", "Sub", "Mul", "Div") && (node.Input[0] == tensor || node.Is("Add", "Mul")))
            {
                (scale, shift) = node.OpType switch
                {
                    "Add" => (scale, shift + operand),
                    "Sub" => (scale, shift - operand),
                    "Mul" => (scale * operand, shift * operand),
                    _ => (scale / operand, shift / operand),
                };
                (tensor, isAffine) = (node.Output[0], true);
            }
            else
                break;
        }
        return !isAffine ? null
            : Math.Abs(shift) > 16 || scale is > 0 and < 0.1 ? 1f / 255
            : scale is >= 0.5 and <= 20 ? 1
            : null;

        // A number, or the mean of one number a channel.
        double? Operand(NodeProto node) =>
            constants.GetValueOrDefault(node.Input[node.Input[0] == tensor ? 1 : 0])?.FloatValues(3) is { Length: > 0 } values ? values.Average() : null;
    }
}
