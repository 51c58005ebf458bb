using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MLNetTransfer.Backbones.TensorFlow;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.AccuracyTests;

/// <summary>A published TensorFlow network, imported, names what real photos show.</summary>
public sealed class TensorFlowPhotosTests
{
    [Theory]
    [InlineData("cat_720p.jpg", "tabby", "Egyptian cat", "tiger cat")]
    [InlineData("hot_dog.jpg", "hotdog")]
    [InlineData("bird.bmp", "chickadee")]
    [InlineData("dragonfly.bmp", "dragonfly", "damselfly")]
    [InlineData("grace_hopper.bmp", "military uniform", "bow tie", "suit", "Windsor tie")]
    public void Read_MobileNetV1_NamesThePhoto(string photo, params string[] expected)
    {
        var imported = TensorFlowImport.Read(Repository.SharedOrSkip("models", "mobilenet-v1-0.25-224.frozen.pb"));
        var labels = File.ReadAllLines(Repository.SharedOrSkip("models", "imagenet-1001-labels.txt"));
        var image = new float[imported.Description.Preprocessing.TensorLength];
        ImageDecoder.Decode(Repository.SharedOrSkip("data", "photos", photo), imported.Description.Preprocessing, image, out _);

        using var session = new InferenceSession(imported.Onnx);
        using var results = session.Run([NamedOnnxValue.CreateFromTensor(imported.Input, new DenseTensor<float>(image, [1, 3, 224, 224]))], [imported.Output]);
        var probabilities = results[0].AsTensor<float>().ToArray();
        Assert.Equal(1001, probabilities.Length);
        Assert.Equal(1, probabilities.Sum(), 1e-4);

        var top = Enumerable.Range(0, 1001).OrderByDescending(i => probabilities[i]).Take(5).Select(i => FormattableString.Invariant($"{labels[i].Split(':')[1]} {probabilities[i]:0.000}")).ToArray();
        TestContext.Current.SendDiagnosticMessage("{0}", $"{photo}: {string.Join(" | ", top)}");
        Assert.Contains(expected, part => top[0].StartsWith(part, StringComparison.Ordinal));
    }
}
