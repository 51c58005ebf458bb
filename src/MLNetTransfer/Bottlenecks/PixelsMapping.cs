using System.Buffers;
using Microsoft.ML.Transforms;
using MLNetTransfer.Images;

namespace MLNetTransfer.Bottlenecks;

/// <summary>
/// Decodes the image of a row: the one step of a saved model that is code of this library. ML.NET writes the contract name and this
/// assembly into the model and finds the class by them, so that both are fixed for good.
/// </summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class PixelsMapping : CustomMappingFactory<PixelsInput, PixelsOutput>
{
    public const string Contract = "MLNetTransfer.Pixels";

    public override Action<PixelsInput, PixelsOutput> GetMapping() => Map;

    public static void Map(PixelsInput input, PixelsOutput output)
    {
        var preprocessing = Preprocessing.FromJson(input.BottleneckPreprocessing.ToString());
        var tensor = ArrayPool<float>.Shared.Rent(preprocessing.TensorLength);
        try
        {
            var pixels = tensor.AsSpan(0, preprocessing.TensorLength);
            ImageDecoder.Decode(input.BottleneckImagePath.ToString(), preprocessing, pixels, out _);
            output.Set(pixels);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(tensor);
        }
    }
}
