using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Tests.Transfer;

public sealed class TransferModelTests(TrainedTask task) : IClassFixture<TrainedTask>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("stripes")]
    [InlineData("dots")]
    public void Save_PlainMLNetLoadsIt_AndPredictsTheSame(string positive)
    {
        var path = _folder.File("model.zip");
        TransferTrainer.Train(task.Train, TrainedTask.Options(task.Test, positive: positive)).Model.Save(path);
        using var classifier = ImageClassifier.Load(path);

        var context = new MLContext();
        var model = context.Model.Load(path, out var input);
        Assert.Equal(["ImagePath"], input.Select(column => column.Name));
        var rows = context.Data.LoadFromEnumerable(task.TestPaths.Select(file => new Input { ImagePath = file }));
        var outputs = context.Data.CreateEnumerable<Output>(model.Transform(rows), reuseRowObject: false).ToList();
        (model as IDisposable)?.Dispose();

        Assert.Equal(30, outputs.Count);
        foreach (var (output, file) in outputs.Zip(task.TestPaths))
        {
            var expected = classifier.Predict(file);
            Assert.Equal(expected.Label, output.PredictedLabel);
            Assert.Equal(expected[positive], output.Probability, 1e-5);
            Assert.Equal(8, output.Features.Length);
            Assert.True(float.IsFinite(output.Score));
        }
    }

    [Fact]
    public void Save_ThreeClasses_PlainMLNetPredictsTheSame()
    {
        Drawings.WriteSet(_folder.File("data"), 12, seed: 3, "dots", "rings", "stripes");
        var images = ImageFolder.Read(_folder.File("data"));
        var path = _folder.File("model.zip");
        TransferTrainer.Train(images, TrainedTask.Options()).Model.Save(path);
        using var classifier = ImageClassifier.Load(path);
        var context = new MLContext();
        var rows = context.Data.LoadFromEnumerable(images.Images.Select(image => new Input { ImagePath = image.Path }));
        var model = context.Model.Load(path, out _);
        var outputs = context.Data.CreateEnumerable<ManyOutput>(model.Transform(rows), reuseRowObject: false).ToList();
        (model as IDisposable)?.Dispose();
        Assert.Equal(36, outputs.Count);
        foreach (var (output, image) in outputs.Zip(images.Images))
        {
            var expected = classifier.Predict(image.Path);
            Assert.Equal(expected.Label, output.PredictedLabel);
            Assert.All(classifier.Classes.Zip(output.Score), pair => Assert.Equal(expected[pair.First], pair.Second, 1e-5));
        }
    }

    [Fact]
    public void Load_SavedModel_PredictsWhatTrainingMeasured()
    {
        using var classifier = ImageClassifier.Load(task.ModelPath);
        var again = classifier.Evaluate(task.Test);
        Assert.Equal(task.Result.Model.Card.Json, classifier.Card.Json);
        for (var row = 0; row < again.Probabilities.Rows; row++)
            Assert.Equal(task.Result.Test!.Probabilities.Row(row).ToArray(), again.Probabilities.Row(row).ToArray());
        Assert.Equal(task.Result.Test!.Result.Predicted, again.Result.Predicted);
        Assert.Equal(task.Result.Test.Result.LogLoss, again.Result.LogLoss);
    }

    [Fact]
    public void Card_Json_SaysAllThereIsToKnow()
    {
        var json = JsonNode.Parse(task.Result.Model.Card.Json)!.AsObject();
        Assert.Equal(
            ["format", "classes", "positive", "threshold", "backbone", "cut", "head", "seed", "training", "validation", "test", "versions"],
            json.Select(member => member.Key));
        Assert.Equal(["name", "sha256", "licence", "preprocessing"], json["backbone"]!.AsObject().Select(member => member.Key));
        Assert.Equal("tiny", (string?)json["backbone"]!["name"]);
        Assert.Equal(TrainedTask.Backbone.Sha256, (string?)json["backbone"]!["sha256"]);
        Assert.Equal(8, (int?)json["cut"]!["dimensions"]);
        Assert.Equal(60, (int?)json["training"]!["images"]);
        Assert.Equal("""{"dots":30,"stripes":30}""", json["training"]!["imagesOfClass"]!.ToJsonString());
        Assert.Equal(task.Result.Test!.Result.Accuracy, (double?)json["test"]!["accuracy"]);
        Assert.Equal(task.Result.Validation.Result.LogLoss, (double?)json["validation"]!["logLoss"]);
        Assert.Equal(["MLNetTransfer", "Microsoft.ML", "Microsoft.ML.OnnxRuntime"], json["versions"]!.AsObject().Select(member => member.Key));
        Assert.Equal(task.Result.Model.Card.Json, File.ReadAllText(TransferModel.CardPathOf(task.ModelPath)));
        Assert.DoesNotContain('\r', task.Result.Model.Card.Json);
    }

    [Fact]
    public void Card_TrainingFingerprint_DependsOnContentsAndClassesNotOnNames()
    {
        string Fingerprint(params (string Name, string Class, int Seed)[] files)
        {
            using var folder = new TemporaryFolder();
            foreach (var (name, label, seed) in files)
                Drawings.Write(Path.Combine(folder.Path, label, name), "dots", seed);
            var options = new TransferOptions { Backbone = TrainedTask.Backbone, TestFraction = 0 };
            return TransferTrainer.Train(ImageFolder.Read(folder.Path), options).Model.Card.TrainingSha256;
        }

        var original = Fingerprint(("1.png", "a", 1), ("2.png", "a", 2), ("3.png", "b", 3), ("4.png", "b", 4));
        Assert.Equal(original, Fingerprint(("9.png", "a", 1), ("7.png", "a", 2), ("5.png", "b", 3), ("4.png", "b", 4)));
        Assert.NotEqual(original, Fingerprint(("1.png", "a", 1), ("2.png", "a", 2), ("3.png", "b", 3), ("4.png", "b", 5)));
        Assert.NotEqual(original, Fingerprint(("1.png", "a", 1), ("2.png", "a", 2), ("3.png", "c", 3), ("4.png", "c", 4)));
    }

    [Theory]
    [InlineData("missing/model.zip")]
    [InlineData("a-file/model.zip")]
    [InlineData("a-folder")]
    [InlineData("card-is-folder.zip")]
    public void Save_UnwritablePlace_SaysSoAndLeavesNothing(string name)
    {
        File.WriteAllText(_folder.File("a-file"), "here before");
        Directory.CreateDirectory(_folder.File("a-folder"));
        Directory.CreateDirectory(_folder.File("card-is-folder.card.json"));
        string[] before = [.. Directory.EnumerateFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories).Order()];
        var error = Assert.Throws<TransferException>(() => task.Result.Model.Save(Path.Combine(_folder.Path, name)));
        Assert.Contains(name, error.Message);
        Assert.Equal(before, Directory.EnumerateFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories).Order());
        Assert.Equal("here before", File.ReadAllText(_folder.File("a-file")));
    }

    [Fact]
    public void Save_OverAnOlderModel_ReplacesBothFilesAndLeavesNoOther()
    {
        var path = _folder.File("model.zip");
        File.WriteAllText(path, "old");
        File.WriteAllText(TransferModel.CardPathOf(path), "old");
        task.Result.Model.Save(path);
        Assert.Equal(File.ReadAllBytes(task.ModelPath), File.ReadAllBytes(path));
        Assert.NotNull(JsonDocument.Parse(File.ReadAllText(TransferModel.CardPathOf(path))));
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
    }

    private sealed class Input
    {
        public string ImagePath { get; set; } = "";
    }

    private sealed class Output
    {
        public float[] Features { get; set; } = [];

        public float Score { get; set; }

        public float Probability { get; set; }

        public string PredictedLabel { get; set; } = "";
    }

    private sealed class ManyOutput
    {
        public float[] Score { get; set; } = [];

        public string PredictedLabel { get; set; } = "";
    }
}
