using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML;
using MLNetTransfer.Heads;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Tests.Transfer;

public sealed class SavedHeadTests : IDisposable
{
    private const string Entry = "MLNetTransfer/head.bin";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("dots", "dots", "stripes")]
    [InlineData("stripes", "dots", "stripes")]
    [InlineData(null, "dots", "rings", "stripes")]
    public void Read_SavedModel_IsTheHeadInsideTheMLNetModelToTheBit(string? positive, params string[] classes)
    {
        var path = Train(positive, classes);
        var saved = ModelArchive.Open(path);
        var model = new MLContext(0).Model.Load(path, out _);
        var expected = LinearHead.FromTransformer(model);
        (model as IDisposable)?.Dispose();
        Assert.Equal(expected.Classes, saved.Head!.Classes);
        Assert.Equal(expected.Positive, saved.Head.Positive);
        Assert.Equal(expected.Threshold, saved.Head.Threshold);
        Assert.Equal(expected.Features, saved.Head.Features);
        Assert.Equal(expected.Weights, saved.Head.Weights);
        Assert.Equal(expected.Biases, saved.Head.Biases);
        Assert.Equal(TrainedTask.Backbone.Preprocessing, saved.Card.Preprocessing);
    }

    [Fact]
    public void Load_FileSavedBeforeHeadsWereNumbers_PredictsTheSameBits()
    {
        var path = Train("stripes", "dots", "stripes");
        var older = _folder.File("older.zip");
        File.Copy(path, older);
        using (var zip = ZipFile.Open(older, ZipArchiveMode.Update))
        {
            zip.GetEntry(Entry)!.Delete();
            Seal(zip);
        }

        using var classifier = ImageClassifier.Load(path);
        using var olderClassifier = ImageClassifier.Load(older);
        foreach (var image in Directory.GetFiles(_folder.Path, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            Assert.Equal(classifier.Predict(image)["stripes"], olderClassifier.Predict(image)["stripes"]);
    }

    [Fact]
    public void Load_HeadOfAnotherFormat_IsRefusedAndSaysWhatToDo()
    {
        var path = Train("stripes", "dots", "stripes");
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Update))
        {
            var bytes = Models.ReadAll(zip.GetEntry(Entry)!);
            bytes[0] = 2;
            zip.GetEntry(Entry)!.Delete();
            using (var stream = zip.CreateEntry(Entry, CompressionLevel.NoCompression).Open())
                stream.Write(bytes);
            Seal(zip);
        }

        Assert.Contains("has 2. Use the version", Assert.Throws<TransferException>(() => ImageClassifier.Load(path)).Message);
    }

    private string Train(string? positive, params string[] classes)
    {
        Drawings.WriteSet(_folder.File("data"), 8, seed: 4, classes);
        var path = _folder.File("model.zip");
        TransferTrainer.Train(ImageFolder.Read(_folder.File("data")), TrainedTask.Options(positive: positive)).Model.Save(path);
        return path;
    }

    /// <summary>Writes the checksums anew.</summary>
    private static void Seal(ZipArchive zip)
    {
        zip.GetEntry("MLNetTransfer/SHA256SUMS")!.Delete();
        var lines = zip.Entries.Select(entry => $"{Convert.ToHexStringLower(SHA256.HashData(Models.ReadAll(entry)))}  {entry.FullName}\n");
        var text = Encoding.UTF8.GetBytes(string.Concat(lines));
        using var stream = zip.CreateEntry("MLNetTransfer/SHA256SUMS", CompressionLevel.NoCompression).Open();
        stream.Write(text);
    }
}
