using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Cli.Tests.Commands;

public sealed class TrainCommandTests(Photos photos) : IClassFixture<Photos>, IDisposable
{
    private static readonly string[] Evaluation =
        ["images", "accuracy", "accuracyInterval", "auc", "f1", "precision", "recall", "logLoss", "brier", "ece", "confusion"];

    private readonly TemporaryFolder _folder = new();

    private string Data => Path.Combine(_folder.Path, "data");

    private string Model => Path.Combine(_folder.Path, "model.zip");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Train_Json_IsOneDocumentWithTheNamesOfTheContract()
    {
        var (run, json) = (photos.Training, photos.Training.Json);
        Assert.Equal(0, run.Code);
        Assert.Empty(run.Error);
        Assert.Equal(["backbone", "cut", "classes", "positive", "images", "skipped", "validation", "test"], CliRun.Names(json));
        Assert.Equal(Evaluation, CliRun.Names(json["validation"]));
        Assert.Equal(Evaluation, CliRun.Names(json["test"]));
        Assert.Equal(["dots", "stripes"], CliRun.Names(json["test"]!["confusion"]));
        Assert.Equal(["dots", "stripes"], CliRun.Names(json["test"]!["confusion"]!["dots"]));
        Assert.Equal("tiny", (string?)json["backbone"]);
        Assert.Equal("stripes", (string?)json["positive"]);
        Assert.Equal(24, (int?)json["images"]);
        Assert.Equal(16, (int?)json["test"]!["images"]);
        Assert.Empty(json["skipped"]!.AsArray());
        Assert.DoesNotContain('\r', photos.Training.Output);
    }

    [Fact]
    public void Train_Report_IsOneSelfContainedHtmlFile()
    {
        var html = File.ReadAllText(photos.Report);
        Assert.Contains("What the decisions rest on", html);
        Assert.StartsWith("<!DOCTYPE html>", html);
        Assert.EndsWith("</html>\n", html);
        Assert.Contains("<svg", html);
        Assert.Contains("held-out test", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("cross-validation", html, StringComparison.OrdinalIgnoreCase);
        foreach (var outside in new[] { "<script", "<link", "src=\"http", "href=\"http", "url(http", "@import" })
            Assert.DoesNotContain(outside, html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Train_Text_ShowsFiguresAndWhereTheModelIs()
    {
        var run = Run("train", "--data", photos.Train, "--positive", "dots");
        Assert.Equal(0, run.Code);
        Assert.Empty(run.Error);
        Assert.Contains("Classes: dots (positive), stripes.", run.Output);
        Assert.Matches(@"accuracy +[01]\.\d{3} +[01]\.\d{3}", run.Output);
        Assert.Contains($"Model  {Model}\n", run.Output);
        Assert.True(File.Exists(Model));
        Assert.True(File.Exists(Path.Combine(_folder.Path, "model.card.json")));
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
        Assert.DoesNotContain('\u001b', run.Output);
    }

    [Fact]
    public void Train_SameSeedTwice_SameModelBytes()
    {
        var again = Path.Combine(_folder.Path, "again.zip");
        CliRun.Of("train", "--data", photos.Train, "--test", photos.Test, "--backbone", photos.Backbone, "--out", again, "--seed", "1");
        Assert.Equal(File.ReadAllBytes(photos.Model), File.ReadAllBytes(again));
        CliRun.Of("train", "--data", photos.Train, "--test", photos.Test, "--backbone", photos.Backbone, "--out", again, "--seed", "2");
        Assert.NotEqual(File.ReadAllBytes(photos.Model), File.ReadAllBytes(again));
    }

    [Fact]
    public void Train_ThreeClasses_HaveNoPositiveOne()
    {
        Drawings.WriteSet(Data, 8, seed: 3, "dots", "rings", "stripes");
        var json = Run("train", "--data", Data, "--json").Json;
        Assert.Equal(["backbone", "cut", "classes", "positive", "images", "skipped", "validation", "test"], CliRun.Names(json));
        Assert.Null(json["positive"]);
        Assert.Equal(3, json["classes"]!.AsArray().Count);
    }

    [Fact]
    public void Train_UnreadableFiles_TrainsWithoutThemNamesEachAndExits3()
    {
        Drawings.WriteSet(Data, 8, seed: 4, "dots", "stripes");
        var picture = Drawings.Encode("dots", 9);
        File.WriteAllBytes(_folder.File("data", "dots", "truncated.png"), picture[..(picture.Length / 2)]);
        File.WriteAllBytes(_folder.File("data", "dots", "nothing.png"), []);
        File.WriteAllText(_folder.File("data", "stripes", "text.JPG"), "no picture");
        File.WriteAllBytes(_folder.File("data", "dots", "FINE.PNG"), picture);
        File.WriteAllBytes(_folder.File("data", "dots", "Трещина 猫.Jpeg"), Drawings.Encode("dots", 10));
        var run = Run("train", "--data", Data, "--json");
        Assert.Equal(3, run.Code);
        var skipped = run.Json["skipped"]!.AsArray();
        string[] expected = [Path.Combine(Data, "dots", "nothing.png"), Path.Combine(Data, "dots", "truncated.png"), Path.Combine(Data, "stripes", "text.JPG")];
        Assert.Equal(expected, skipped.Select(image => (string?)image!["path"]));
        Assert.All(skipped, image => Assert.Equal(["path", "reason"], CliRun.Names(image)));
        Assert.All(skipped, image => Assert.NotEmpty((string)image!["reason"]!));
        Assert.Equal(18, (int)run.Json["images"]! + (int)run.Json["test"]!["images"]!);
        Assert.Equal(3, run.Messages.Length);
        Assert.All(run.Messages.Zip(expected), pair => Assert.StartsWith($"skipped: '{pair.Second}' ", pair.First));
        Assert.True(File.Exists(Model));
    }

    [Fact]
    public void Train_Manifest_TakesPlaceOfTheFolderAndNamesWhatIsNoFile()
    {
        Drawings.WriteSet(Data, 8, seed: 5, "dots", "stripes");
        Directory.CreateDirectory(Path.Combine(Data, "x.jpg"));
        var rows = new[] { "dots", "stripes" }.SelectMany(name => Enumerable.Range(0, 8).Select(i => $"{name}/{i:000}.png,[{name}]"));
        var manifest = Path.Combine(Data, "images.csv");
        File.WriteAllLines(manifest, ["path,label", .. rows, "x.jpg,[dots]", "gone.png,[dots]"]);
        var run = Run("train", "--data", manifest, "--json");
        Assert.Equal(3, run.Code);
        Assert.Equal(["[dots]", "[stripes]"], run.Json["classes"]!.AsArray().Select(name => (string?)name));
        Assert.Equal(["does not exist", "is a directory"], run.Json["skipped"]!.AsArray().Select(image => (string?)image!["reason"]));
        string[] expected = [Path.Combine(Data, "gone.png"), Path.Combine(Data, "x.jpg")];
        Assert.Equal(expected, run.Json["skipped"]!.AsArray().Select(image => (string?)image!["path"]));
    }

    [Fact]
    public void Train_NearCopyOfATestImage_IsLeftOutAndNamed()
    {
        Drawings.WriteSet(Data, 6, seed: 6, "dots", "stripes");
        var copy = Path.Combine(Data, "dots", "copy.jpg");
        Drawings.Write(copy, "dots", 2003, SkiaSharp.SKEncodedImageFormat.Jpeg, 90);
        var run = Run("train", "--data", Data, "--test", photos.Test, "--json");
        Assert.Equal(3, run.Code);
        Assert.StartsWith($"skipped: '{copy}' shows nearly the same picture as the test image", Assert.Single(run.Messages));
        Assert.Equal(12, (int?)run.Json["images"]);
    }

    [Fact]
    public void Train_ClassNamesLikeMarkup_PrintAsTheyAre()
    {
        Drawings.WriteSet(Data, 8, seed: 7, "dots", "stripes");
        Directory.Move(Path.Combine(Data, "dots"), Path.Combine(Data, "[red]dots[x]"));
        Directory.Move(Path.Combine(Data, "stripes"), Path.Combine(Data, "@stripes"));
        File.WriteAllText(_folder.File("data", "@stripes", "[bold].png"), "");
        var model = Path.Combine(_folder.Path, "[x].zip");
        var run = CliRun.Of("train", "--data", Data, "--backbone", photos.Backbone, "--out", model, "--positive", "@stripes");
        Assert.Equal(3, run.Code);
        Assert.Contains("Classes: @stripes (positive), [red]dots[x].", run.Output);
        Assert.Contains($"Model  {model}\n", run.Output);
        Assert.Contains("[bold].png' is empty", run.Error);
        var evaluated = CliRun.Of("evaluate", "--model", model, "--data", Data);
        Assert.Contains("[red]dots[x]", evaluated.Output);
    }

    [Fact]
    public void Train_Cancelled_Exits130AndWritesNothing()
    {
        var run = CliRun.Of(
            new CancellationToken(canceled: true), "train", "--data", photos.Train, "--backbone", photos.Backbone, "--out", Model);
        Assert.Equal(130, run.Code);
        Assert.Empty(run.Output);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    private CliRun Run(params string[] args) => CliRun.Of([.. args, "--backbone", photos.Backbone, "--out", Model]);
}
