using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using MLNetTransfer.Backbones;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using SkiaSharp;

namespace MLNetTransfer.Tests.Bottlenecks;

/// <summary>
/// JPEGs far larger than the tensor are shrunk by the codec before our own filter. What that does to features, against full decoding and the
/// same anti-aliased resize, measured over all photos (each test takes a part of them):
/// <code>
///                                              cosine min  median   L2 distance / norm, median  max
/// MobileNetV2, 157 photos of 1000 x 1000 (1/2)     .9986   .9999                         .015  .053
/// embedded,    20 photos of 1000 x 1000 (1/4)      .9976   .9999                         .011  .069
/// embedded,    rendered, noisy (1/2, 1/4, 1/8)     .9988   .9995                         .031  .056
/// MobileNetV2, rendered, noisy (1/2, 1/4)          .9980   .9988                         .053  .066
/// MobileNetV2, rendered, noisy (1/8)               .9964   .9982                         .064  .087
/// </code>
/// The last line is the limit found: grain of one pixel everywhere, which the codec's block averages and a triangle filter weigh differently.
/// That accuracy does not move is shown by the accuracy tests.
/// </summary>
public sealed class ScaledDecodingTests
{
    [Fact]
    public void Decode_PhotosWithMobileNet_FeaturesStayClose()
    {
        var backbone = Backbone.Load(Repository.SharedOrSkip("models", "mobilenet-v2-1.0-224.onnx"));
        AssertClose(backbone, Photos(), cosine: 0.998, median: 0.9995, distance: 0.03);
    }

    [Fact]
    public void Decode_PhotosWithEmbedded_FeaturesStayClose() =>
        AssertClose(Backbone.Embedded, Photos(), cosine: 0.997, median: 0.9995, distance: 0.03);

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Decode_RenderedPhotosWithEmbedded_FeaturesStayClose(int shrink)
    {
        // The smallest side at which the codec shrinks so far.
        var side = (int)Math.Ceiling(shrink * Backbone.Embedded.Preprocessing.Side * 5 / 3.0);
        AssertClose(Backbone.Embedded, [.. Enumerable.Range(0, 3).Select(seed => Rendered(seed, side))], cosine: 0.998, median: 0.999, distance: 0.05);
    }

    private static byte[][] Photos() =>
    [
        .. Directory.GetFiles(Repository.SharedOrSkip("data", "office-caltech10", "images", "dslr"), "*.jpg", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Where((_, i) => i % 8 == 0).Select(File.ReadAllBytes),
    ];

    private static void AssertClose(Backbone backbone, byte[][] files, double cosine, double median, double distance)
    {
        var cut = backbone.CutAt(backbone.DefaultCut);
        using var session = new InferenceSession(cut.Onnx);
        var (cosines, distances) = (new List<double>(), new List<double>());
        foreach (var file in files)
        {
            var (scaled, full) = (Features(session, cut, file, isScaled: true), Features(session, cut, file, isScaled: false));
            cosines.Add(TensorPrimitives.CosineSimilarity<float>(scaled, full));
            distances.Add(TensorPrimitives.Distance<float>(scaled, full) / TensorPrimitives.Norm<float>(full));
        }
        // Each was shrunk by the codec, else there is nothing to see.
        Assert.All(distances, value => Assert.NotEqual(0, value));
        Assert.InRange(cosines.Min(), cosine, 1);
        Assert.InRange(cosines.Order().ElementAt(cosines.Count / 2), median, 1 + 1e-6);
        Assert.InRange(distances.Order().ElementAt(distances.Count / 2), 0, distance);
    }

    private static float[] Features(InferenceSession session, BackboneCut cut, byte[] file, bool isScaled)
    {
        var preprocessing = cut.Backbone.Preprocessing;
        var tensor = new float[preprocessing.TensorLength];
        ImageDecoder.Decode(file, "photo", preprocessing, tensor, out _, isScaled);
        using var input = OrtValue.CreateTensorValueFromMemory(tensor, [1, preprocessing.Channels, preprocessing.Side, preprocessing.Side]);
        using var options = new RunOptions();
        using var outputs = session.Run(options, [cut.InputName], [input], [cut.OutputName]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <summary>Dead leaves: discs of all sizes over one another, whose spectrum is that of photos, with the noise of a sensor.</summary>
    private static byte[] Rendered(int seed, int side)
    {
        var random = new Random(seed);
        using var bitmap = new SKBitmap(side, side, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using (var canvas = new SKCanvas(bitmap))
            for (var i = 0; i < 3000; i++)
            {
                using var paint = new SKPaint { IsAntialias = true, Color = new SKColor((byte)random.Next(20, 236), (byte)random.Next(20, 236), (byte)random.Next(20, 236)) };
                var radius = side * 0.003 / Math.Sqrt(random.NextDouble() + 1e-4);
                canvas.DrawCircle(random.Next(side), random.Next(side), (float)radius, paint);
            }
        var pixels = bitmap.GetPixelSpan().ToArray();
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)Math.Clamp(pixels[i] + random.Next(-12, 13), 0, 255);
        Marshal.Copy(pixels, 0, bitmap.GetPixels(), pixels.Length);
        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
        return data.ToArray();
    }
}
