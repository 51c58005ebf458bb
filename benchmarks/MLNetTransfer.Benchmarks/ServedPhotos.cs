using MLNetTransfer.Backbones;
using MLNetTransfer.Images;
using MLNetTransfer.Transfer;
using SkiaSharp;

namespace MLNetTransfer.Benchmarks;

/// <summary>Labelled photos as JPEGs of 1024 x 768 pixels and a model trained on them, in a folder that goes with this object.</summary>
internal sealed class ServedPhotos : IDisposable
{
    private const int Width = 1024;
    private const int Height = 768;
    private const int PerClass = 20;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlnettransfer-serving-");

    public ServedPhotos(FeaturiseOptions options)
    {
        Backbone = Backbone.Load(options.Backbone);
        foreach (var (name, images) in ImageFolder.Read(options.Data[^1]).Images.GroupBy(image => image.Label).Select(group => (group.Key, group.Take(PerClass))))
            foreach (var (i, image) in images.Index())
                WriteResized(image.Path, Path.Combine(_folder.FullName, "photos", name, FormattableString.Invariant($"{i:00}.jpg")));
        Images = ImageFolder.Read(Path.Combine(_folder.FullName, "photos"));
        ModelPath = Path.Combine(_folder.FullName, "model.zip");
        TransferTrainer.Train(Images, new TransferOptions { Backbone = Backbone, TestFraction = 0 }).Model.Save(ModelPath);
    }

    public Backbone Backbone { get; }

    public ImageSet Images { get; }

    public string ModelPath { get; }

    public string Describe() => FormattableString.Invariant(
        $"{Images.Images.Count} JPEGs of {Width} x {Height}, {Images.Images.Average(image => new FileInfo(image.Path).Length) / 1024:0} KiB on average, {Backbone.Name}");

    public void Dispose() => _folder.Delete(recursive: true);

    private static void WriteResized(string source, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        using var original = SKBitmap.Decode(source);
        using var resized = original.Resize(new SKImageInfo(Width, Height), SKFilterQuality.High);
        using var encoded = resized.Encode(SKEncodedImageFormat.Jpeg, 85);
        File.WriteAllBytes(target, encoded.ToArray());
    }
}
