using MLNetTransfer.Backbones;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Tests.Transfer;

public sealed class AutoCutTests(TrainedTask task) : IClassFixture<TrainedTask>, IDisposable
{
    private static readonly Backbone Cuttable = Backbone.FromBytes(TinyBackbone.Bytes, new BackboneDescription
    {
        Name = "tiny",
        Preprocessing = Preprocessing.ImageNet(32),
        Cuts =
        [
            new CutDescription { Name = "linear", Tensors = ["conv"] },
            new CutDescription { Name = "rectified", Tensors = ["map"] },
            new CutDescription { Name = "scores", Tensors = ["output"] },
            new CutDescription { Name = "both", Tensors = ["output", "conv"] },
        ],
    }, "tiny.onnx");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Train_Auto_IsTheModelOfTheCutItChose()
    {
        var auto = TransferTrainer.Train(task.Train, Options(Cut.Auto));
        var card = auto.Model.Card;
        Assert.Equal(["linear", "rectified", "scores", "both"], card.CutSelection.Select(cut => cut.Name));
        Assert.Equal([8, 8, 2, 10], card.CutSelection.Select(cut => cut.Dimensions));
        Assert.All(card.CutSelection, cut => Assert.InRange(cut.Accuracy, cut.Interval.Low, cut.Interval.High));
        Assert.Contains(card.Cut, card.CutSelection.Select(cut => cut.Name));

        var named = TransferTrainer.Train(task.Train, Options(card.Cut));
        Assert.Empty(named.Model.Card.CutSelection);
        Assert.DoesNotContain("cutSelection", named.Model.Card.Json);
        var (expected, actual) = (Models.Entries(Models.Saved(named.Model).Model), Models.Entries(Models.Saved(auto.Model).Model));
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        Assert.All(expected, entry => Assert.Equal(entry.Value, actual[entry.Key]));
        Assert.Equal(named.Test!.Result.Accuracy, auto.Test!.Result.Accuracy);
    }

    [Fact]
    public void Save_Auto_ServesTheProbabilitiesItWasTestedWith()
    {
        var result = TransferTrainer.Train(task.Train, Options(Cut.Auto));
        result.Model.Save(_folder.File("model.zip"));
        using var classifier = ImageClassifier.Load(_folder.File("model.zip"));
        Assert.Equal(result.Model.Card.CutSelection, classifier.Card.CutSelection);
        var outcomes = classifier.Predict([.. task.Test.Images.Select(image => image.Path)]);
        foreach (var (row, outcome) in outcomes.Index())
            Assert.Equal(result.Test!.Probabilities.Row(row)[1], outcome.Prediction!["stripes"], 1e-5);
    }

    [Fact]
    public void Train_AutoOnAnyThreads_SameBytes()
    {
        var (model, card) = Models.Saved(TransferTrainer.Train(task.Train, Options(Cut.Auto, threads: 1)).Model);
        var (again, cardAgain) = Models.Saved(TransferTrainer.Train(task.Train, Options(Cut.Auto, threads: 3)).Model);
        Assert.Equal(card, cardAgain);
        Assert.Equal(model, again);
    }

    [Fact]
    public void Train_AutoWithOneCut_TakesIt()
    {
        var backbone = Backbone.FromBytes(TinyBackbone.Bytes, new BackboneDescription
        {
            Name = "tiny",
            Preprocessing = TrainedTask.Backbone.Preprocessing,
            Cuts = [new CutDescription { Name = "map", Tensors = ["map"] }],
        }, "tiny.onnx");
        var result = TransferTrainer.Train(task.Train, new TransferOptions { Backbone = backbone, Test = task.Test, Cut = Cut.Auto });
        Assert.Equal("map", Assert.Single(result.Model.Card.CutSelection).Name);
        Assert.Equal(task.Result.Test!.Result.Accuracy, result.Test!.Result.Accuracy);
    }

    private TransferOptions Options(string cut, int? threads = null) => new() { Backbone = Cuttable, Test = task.Test, Cut = cut, Threads = threads };
}
