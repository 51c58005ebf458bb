using System.Text.Json.Nodes;
using Microsoft.ML.OnnxRuntime;
using MLNetTransfer.Backbones;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Tests.Transfer;

/// <summary>The oracle is <see cref="ImageClassifier"/> on the saved model; the exported file is fed by nothing but what its metadata says.</summary>
public sealed class OnnxExportTests(TrainedTask task) : IClassFixture<TrainedTask>, IDisposable
{
    private const double Tolerance = 1e-5;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cracked", false)]
    [InlineData("intact", true)]
    public void ExportOnnx_EmbeddedSurfaces_PredictsWhatTheClassifierDoes(string positive, bool pixels)
    {
        var result = TransferTrainer.Train(Surfaces("train"), new TransferOptions { Positive = positive, TestFraction = 0 });
        AssertSame(result.Model, Surfaces("test"), pixels);
    }

    [Theory]
    [InlineData("dots")]
    [InlineData("stripes")]
    public void ExportOnnx_EitherPositiveClass_PredictsWhatTheClassifierDoes(string positive) =>
        AssertSame(TransferTrainer.Train(task.Train, TrainedTask.Options(task.Test, positive: positive)).Model, task.Test);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ExportOnnx_ThreeClasses_PredictsWhatTheClassifierDoes(bool pixels)
    {
        Drawings.WriteSet(_folder.File("data"), 12, seed: 3, "dots", "rings", "stripes");
        var images = ImageFolder.Read(_folder.File("data"));
        AssertSame(TransferTrainer.Train(images, TrainedTask.Options()).Model, images, pixels);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ExportOnnx_MobileNetOnRealPhotos_PredictsWhatTheClassifierDoes(bool pixels)
    {
        var backbone = Backbone.Load(Repository.SharedOrSkip("models", "mobilenet-v2-1.0-224.onnx"));
        var cracks = ImageFolder.Read(Repository.SharedOrSkip("data", "concrete-cracks"));
        ImageSet Every(int start) => cracks.Subset([.. Enumerable.Range(0, cracks.Images.Count).Where(i => i % 12 == start)]);
        AssertSame(TransferTrainer.Train(Every(0), new TransferOptions { Backbone = backbone, Test = Every(1) }).Model, Every(1), pixels);
    }

    [Fact]
    public void ExportOnnx_SavedModel_GivesTheBytesOfTheTrainedOne()
    {
        var (trained, saved) = (_folder.File("trained.onnx"), _folder.File("saved.onnx"));
        Assert.Equal(task.Result.Model.ExportOnnx(trained), TransferModel.ExportOnnx(task.ModelPath, saved));
        Assert.Equal(File.ReadAllBytes(trained), File.ReadAllBytes(saved));
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
    }

    [Fact]
    public void ExportOnnx_Metadata_SaysAllACallerNeeds()
    {
        var path = _folder.File("model.onnx");
        var returned = task.Result.Model.ExportOnnx(path);
        using var session = new InferenceSession(path);
        Assert.Equal("MLNetTransfer", session.ModelMetadata.ProducerName);
        var metadata = session.ModelMetadata.CustomMetadataMap;
        Assert.Equal(returned, metadata["mlnettransfer"]);
        Assert.Equal(task.Result.Model.Card.Json, metadata["mlnettransfer.card"]);
        var card = task.Result.Model.Card;
        var expected = new JsonObject
        {
            ["format"] = 1,
            ["input"] = "image",
            ["preprocessing"] = JsonNode.Parse(TrainedTask.Backbone.Preprocessing.ToJson()),
            ["probabilities"] = "probabilities",
            ["label"] = "label",
            ["classes"] = new JsonArray("dots", "stripes"),
            ["positive"] = "stripes",
            ["threshold"] = (float)card.Threshold!.Value,
            ["backbone"] = new JsonObject { ["name"] = "tiny", ["sha256"] = TrainedTask.Backbone.Sha256, ["licence"] = "not stated" },
            ["cut"] = "last",
            ["seed"] = 1,
        };
        Assert.Equal(expected.ToJsonString(), JsonNode.Parse(returned)!.ToJsonString());
    }

    [Fact]
    public void ExportOnnx_InputAndOutputs_AreDeclaredWithOpenBatch()
    {
        var path = _folder.File("model.onnx");
        task.Result.Model.ExportOnnx(path);
        using var session = new InferenceSession(path);
        Assert.Equal(["image"], session.InputMetadata.Keys);
        Assert.Equal(["probabilities", "label"], session.OutputNames);
        Assert.Equal([-1, 3, 32, 32], session.InputMetadata["image"].Dimensions);
        Assert.Equal([-1, 2], session.OutputMetadata["probabilities"].Dimensions);
        Assert.Equal([-1], session.OutputMetadata["label"].Dimensions);
        Assert.Equal(typeof(long), session.OutputMetadata["label"].ElementType);
    }

    [Theory]
    [InlineData("missing/model.onnx")]
    [InlineData("a-folder")]
    public void ExportOnnx_UnwritablePlace_SaysSoAndLeavesNothing(string name)
    {
        Directory.CreateDirectory(_folder.File("a-folder"));
        var error = Assert.Throws<TransferException>(() => task.Result.Model.ExportOnnx(Path.Combine(_folder.Path, name)));
        Assert.Contains(name, error.Message);
        Assert.Empty(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void ExportOnnx_AlteredModel_IsRefused()
    {
        var bytes = File.ReadAllBytes(task.ModelPath);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(_folder.File("model.zip"), bytes);
        Assert.Throws<TransferException>(() => TransferModel.ExportOnnx(_folder.File("model.zip"), _folder.File("model.onnx")));
        Assert.False(File.Exists(_folder.File("model.onnx")));
    }

    private void AssertSame(TransferModel model, ImageSet images, bool pixels = false)
    {
        var (zip, onnx) = (_folder.File("model.zip"), _folder.File("model.onnx"));
        model.Save(zip);
        TransferModel.ExportOnnx(zip, onnx, pixels);
        using var classifier = ImageClassifier.Load(zip);
        using var exported = new ExportedModel(File.ReadAllBytes(onnx));
        string[] paths = [.. images.Images.Select(image => image.Path)];
        Assert.Equal(classifier.Classes, exported.Classes);
        Assert.Equal(pixels, exported.Preprocessing is { Mean: { R: 0, G: 0, B: 0 }, Std: { R: 1 / 255f, G: 1 / 255f, B: 1 / 255f } });
        var expected = classifier.Predict(paths);
        // One at a time, and all the others at once: the batch is open.
        var actual = exported.Predict(paths[..1]).Concat(exported.Predict(paths[1..]));
        Assert.Equal(paths.Length, expected.Count);
        foreach (var (outcome, (label, probabilities)) in expected.Zip(actual))
        {
            Assert.Equal(outcome.Prediction!.Label, label);
            Assert.All(classifier.Classes.Zip(probabilities), pair => Assert.Equal(outcome.Prediction[pair.First], pair.Second, Tolerance));
        }
        Assert.True(expected.Select(outcome => outcome.Prediction!.Label).Distinct().Count() > 1);
    }

    private static ImageSet Surfaces(string part)
    {
        var images = ImageFolder.Read(Repository.Path("data", "surfaces", "plaster", part));
        return images.Subset([.. Enumerable.Range(0, images.Images.Count).Where(i => i % 2 == 0)]);
    }
}
