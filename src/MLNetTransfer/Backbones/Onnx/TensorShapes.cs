using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLNetTransfer.Backbones.Onnx;

/// <summary>Finds the shapes of tensors by letting ONNX Runtime infer them, or, where it cannot, by running two black images.</summary>
internal static class TensorShapes
{
    private const int Batch = 2;

    /// <summary>The shapes of the outputs of a graph whose image input is [N, channels, side, side].</summary>
    /// <param name="model">A model whose graph has been pruned to the tensors in question.</param>
    /// <param name="input">Its image input.</param>
    /// <param name="channels">The channels of an image.</param>
    /// <param name="side">The side of an image.</param>
    /// <param name="name">What to call the model in messages.</param>
    /// <exception cref="TransferException">ONNX Runtime refuses the graph, it works on one image only, or a tensor is not a row or a map of features.</exception>
    public static IReadOnlyList<TensorShape> OfOutputs(ModelProto model, ImageInput input, int channels, int side, string name)
    {
        try
        {
            using var options = new SessionOptions
            {
                GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
                IntraOpNumThreads = 1,
            };
            // Mostly nothing is run, so that preparing the weights for speed is wasted time.
            options.AddSessionConfigEntry("session.disable_prepacking", "1");
            using var session = new InferenceSession(OnnxFile.Write(model), options);
            var outputs = model.Graph.Output.Select(o => o.Name).ToList();
            var wrongType = outputs.Find(o => session.OutputMetadata[o].ElementDataType != TensorElementType.Float);
            if (wrongType is not null)
                throw new TransferException(
                    $"A cut is at tensors of float32; '{wrongType}' of '{name}' holds {session.OutputMetadata[wrongType].ElementDataType}. " +
                    "Name another tensor.");
            var inferred = outputs.ToDictionary(o => o, o => Inferred(session.OutputMetadata[o]));
            if (inferred.Values.Contains(null))
                inferred = Measured(session, input, channels, side)!;
            return [.. outputs.Select(o => Describe(o, inferred[o]!, name))];
        }
        catch (OnnxRuntimeException error)
        {
            throw new TransferException(
                $"A backbone is a graph ONNX Runtime can run on any number of {side} x {side} images; '{name}' is not: {error.Message} " +
                "Export it again with a dynamic batch size.", error);
        }
    }

    /// <summary>The shape with -1 for the batch; null when inference did not get that far.</summary>
    private static int[]? Inferred(NodeMetadata metadata) =>
        metadata.Dimensions is [-1, .. var rest] && metadata.SymbolicDimensions[0] == "N" && rest.All(d => d > 0) ? metadata.Dimensions : null;

    private static Dictionary<string, int[]> Measured(InferenceSession session, ImageInput input, int channels, int side)
    {
        var images = NamedOnnxValue.CreateFromTensor(input.Name, new DenseTensor<float>([Batch, channels, side, side]));
        using var results = session.Run([images]);
        return results.ToDictionary(
            result => result.Name,
            result => result.AsTensor<float>().Dimensions is [Batch, .. var rest] ? (int[])[-1, .. rest] : result.AsTensor<float>().Dimensions.ToArray());
    }

    private static TensorShape Describe(string tensor, int[] shape, string name) => shape switch
    {
        [-1, > 0 and var channels] => new TensorShape(tensor, channels, false),
        [-1, > 0 and var channels, > 0 and var height, > 0 and var width] => new TensorShape(tensor, channels, height * width > 1),
        [-1, ..] => throw new TransferException(
            $"A cut is at tensors [N, C, H, W] or [N, C]; '{tensor}' of '{name}' is [N, {Text(shape[1..])}]. Name another tensor."),
        _ => throw new TransferException(
            $"The first dimension of a cut is the number of images; '{tensor}' of '{name}' is [{Text(shape)}] for {Batch} images. " +
            "Export the network with a dynamic batch size, or name another tensor."),
    };

    private static string Text(int[] shape) => string.Join(", ", shape.Select(d => d.ToString(CultureInfo.InvariantCulture)));
}
