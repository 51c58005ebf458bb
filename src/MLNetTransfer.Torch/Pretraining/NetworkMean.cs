using Google.Protobuf;
using MLNetTransfer.Backbones.Onnx;

namespace MLNetTransfer.Torch.Pretraining;

/// <summary>The mean of two networks of which one was trained on from the other: close enough to each other for their weights to be added.</summary>
internal static class NetworkMean
{
    /// <summary>Adds the weights of two networks that <see cref="NetworkExport"/> wrote; where they differ in shape, as classifiers may, those of the first are taken.</summary>
    /// <param name="trained">The bytes of a network.</param>
    /// <param name="start">The bytes of the network it was trained from.</param>
    /// <param name="share">What the latter counts, 0 to 1.</param>
    /// <returns>The bytes of the mean.</returns>
    public static byte[] Of(byte[] trained, byte[] start, double share)
    {
        var mean = OnnxFile.Parse(trained, "trained");
        var others = OnnxFile.Parse(start, "start").Graph.Initializer.DistinctBy(tensor => tensor.Name).ToDictionary(tensor => tensor.Name);
        foreach (var tensor in mean.Graph.Initializer)
        {
            if (others.GetValueOrDefault(tensor.Name) is not { } other || !other.Dims.SequenceEqual(tensor.Dims))
                continue;
            var (own, given) = (tensor.FloatValues(int.MaxValue)!, other.FloatValues(int.MaxValue)!);
            tensor.SetFloats([.. own.Zip(given, (a, b) => (float)(((1 - share) * a) + (share * b)))]);
        }

        return mean.ToByteArray();
    }
}
