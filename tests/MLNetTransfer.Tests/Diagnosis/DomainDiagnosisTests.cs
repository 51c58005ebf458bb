using MLNetTransfer.Backbones;
using MLNetTransfer.Diagnosis;
using MLNetTransfer.Domains;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using SkiaSharp;

namespace MLNetTransfer.Tests.Diagnosis;

/// <summary>From files, with a network small enough for a moment.</summary>
public sealed class DomainDiagnosisTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public DomainDiagnosisTests()
    {
        Drawings.WriteSet(Folder("source"), 15, seed: 1, "dots", "stripes");
        Drawings.WriteSet(Folder("target"), 12, seed: 2, "dots", "stripes");
        File.WriteAllBytes(_folder.File("tiny.onnx"), TinyBackbone.Bytes);
        File.WriteAllText(_folder.File("tiny.json"), new BackboneDescription { Name = "tiny", Preprocessing = Preprocessing.ImageNet(32) }.ToJson());
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_TwoSamplesOfOneDomain_RaisesNoAlarm()
    {
        var result = Run(LabeledDomain.Read("target", Folder("target")));

        Assert.Contains(result.Scenario, (Scenario[])[Scenario.None, Scenario.Unknown]);
        Assert.Equal((30, 24), (result.Evidence.SourceImages, result.Evidence.TargetImages));
        Assert.Equal(["dots", "stripes"], result.Evidence.Classes.Common);
        Assert.Empty(result.Skipped);
    }

    [Fact]
    public void Run_GreyTarget_IsFeatureSpace()
    {
        foreach (var path in ImageFiles.Find([Folder("target")]))
            MakeGrey(path);

        var result = Run(UnlabeledDomain.Read("target", Folder("target")));

        Assert.Equal(Scenario.FeatureSpace, result.Scenario);
        Assert.Equal((0, 24), (result.Evidence.FeatureSpace.Source.Grey, result.Evidence.FeatureSpace.Target.Grey));
    }

    [Fact]
    public void Run_UnreadableImages_AreListedAndLeftOut()
    {
        File.WriteAllText(_folder.File("target", "dots", "notes.png"), "no picture");

        var result = Run(LabeledDomain.Read("target", Folder("target")));

        Assert.Equal(_folder.File("target", "dots", "notes.png"), Assert.Single(result.Skipped).Path);
        Assert.Equal(24, result.Evidence.TargetImages);
    }

    [Fact]
    public void Run_NoReadableImage_IsRefusedWithTheReason()
    {
        File.WriteAllText(_folder.File("broken", "notes.png"), "no picture");

        var error = Assert.Throws<TransferException>(() => Run(UnlabeledDomain.Read("broken", Folder("broken"))));

        Assert.Contains("none in 'broken'", error.Message);
    }

    [Fact]
    public void Run_OneImage_CannotTell()
    {
        Drawings.Write(_folder.File("one", "a.png"), "dots", seed: 7);

        Assert.Equal(Scenario.Unknown, Run(UnlabeledDomain.Read("one", Folder("one"))).Scenario);
    }

    [Fact]
    public void Run_TheSourceItself_IsRefused() =>
        Assert.Throws<TransferException>(() => Run(UnlabeledDomain.Read("again", Folder("source"))));

    [Fact]
    public void Run_OneClass_IsRefused()
    {
        Drawings.WriteSet(Folder("one-class"), 12, seed: 3, "dots");

        var error = Assert.Throws<TransferException>(() => DomainDiagnosis.Run(LabeledDomain.Read("one-class", Folder("one-class")), UnlabeledDomain.Read("target", Folder("target")), Options()));

        Assert.Contains("Expected 2 or more classes", error.Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Run_AnyNumberOfThreads_GivesTheSameDiagnosis(int threads)
    {
        var target = LabeledDomain.Read("target", Folder("target"));

        Assert.Equal(Json(Run(target)), Json(Run(target, threads)));
    }

    [Fact]
    public void Run_MoreImagesThanAreExamined_DrawsThem()
    {
        var (source, target) = (LabeledDomain.Read("source", Folder("source")), UnlabeledDomain.Read("target", Folder("target")));
        DiagnosisOptions options = new() { Backbone = Backbone.Load(_folder.File("tiny.onnx")), MostImages = 20, Permutations = 99 };

        var evidence = DomainDiagnosis.Run(source, target, options).Evidence;

        Assert.Equal((20, 20), (evidence.SourceImages, evidence.TargetImages));
        Assert.Equal(40, DomainDiagnosis.ImagesToRead(source, target, options));
    }

    [Fact]
    public void Run_WrongOptions_AreReportedTogether()
    {
        var error = Assert.Throws<TransferException>(() => DomainDiagnosis.Run(LabeledDomain.Read("source", Folder("source")), UnlabeledDomain.Read("target", Folder("target")),
            new DiagnosisOptions { MostImages = 5, Permutations = 10, Threads = 0, Cut = "" }));

        Assert.All(["MostImages is 10 or more; received 5", "Permutations is 99 or more; received 10", "Threads is 1 or more; received 0", "Cut is the name"], part => Assert.Contains(part, error.Message));
    }

    private string Folder(string name) => Path.Combine(_folder.Path, name);

    private DiagnosisOptions Options(int? threads = null) => new() { Backbone = Backbone.Load(_folder.File("tiny.onnx")), Permutations = 199, Threads = threads };

    private DiagnosisResult Run(ImageDomain target, int? threads = null) => DomainDiagnosis.Run(LabeledDomain.Read("source", Folder("source")), target, Options(threads));

    private static string Json(DiagnosisResult result)
    {
        using MemoryStream stream = new();
        using (System.Text.Json.Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            DiagnosisJson.Write(writer, result);
            writer.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void MakeGrey(string path)
    {
        using var bitmap = SKBitmap.Decode(path);
        for (var y = 0; y < bitmap.Height; y++)
            for (var x = 0; x < bitmap.Width; x++)
            {
                var green = bitmap.GetPixel(x, y).Green;
                bitmap.SetPixel(x, y, new SKColor(green, green, green));
            }
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(path, data.ToArray());
    }
}
