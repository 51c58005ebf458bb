using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Tests.Transfer;

public sealed class TransferTrainerTests(TrainedTask task) : IClassFixture<TrainedTask>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Train_EasyTask_IsLearnedAndNothingSkipped()
    {
        Assert.Empty(task.Result.Skipped);
        Assert.Equal(60, task.Result.Validation.Result.Images);
        Assert.Equal(30, task.Result.Test!.Result.Images);
        Assert.InRange(task.Result.Test.Result.Accuracy, 0.9, 1);
        Assert.InRange(task.Result.Validation.Result.Accuracy, 0.9, 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Train_SameSeedAnyThreads_SameBytes(int threads)
    {
        var (model, card) = Models.Saved(TransferTrainer.Train(task.Train, TrainedTask.Options(threads: threads)).Model);
        var (expectedModel, expectedCard) = Models.Saved(TransferTrainer.Train(task.Train, TrainedTask.Options()).Model);
        Assert.Equal(expectedCard, card);
        Assert.Equal(expectedModel, model);
    }

    [Fact]
    public void Train_AnotherSeed_AnotherModel()
    {
        var one = Models.Saved(TransferTrainer.Train(task.Train, TrainedTask.Options(seed: 1)).Model);
        var other = Models.Saved(TransferTrainer.Train(task.Train, TrainedTask.Options(seed: 2)).Model);
        Assert.NotEqual(Models.Entries(one.Model).Values.SelectMany(bytes => bytes), Models.Entries(other.Model).Values.SelectMany(bytes => bytes));
    }

    [Fact]
    public void Train_ShuffledTestLabels_SameModelOtherFigures()
    {
        string[] labels = [.. task.Test.Images.Select(image => image.Label)];
        RandomStream.Derive(5, "labels").Shuffle<string>(labels);
        var shuffled = new ImageSet(task.Test.Images.Select((image, i) => new LabeledImage(image.Path, labels[i])));
        var result = TransferTrainer.Train(task.Train, TrainedTask.Options(shuffled));
        Assert.NotEqual(task.Result.Test!.Result.Accuracy, result.Test!.Result.Accuracy);
        var (expected, actual) = (Models.Entries(Models.Saved(task.Result.Model).Model), Models.Entries(Models.Saved(result.Model).Model));
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        Assert.All(expected, entry => Assert.Equal(entry.Value, actual[entry.Key]));
    }

    [Fact]
    public void Train_NoTestSet_HoldsAFifthOfEachClassOut()
    {
        var result = TransferTrainer.Train(task.Train, TrainedTask.Options());
        Assert.Equal(["dots 6", "stripes 6"], result.Test!.Images.Images.CountBy(image => image.Label).Select(count => $"{count.Key} {count.Value}"));
        Assert.Empty(result.Test.Images.Images.Intersect(result.Validation.Images.Images));
        Assert.Equal(48, result.Model.Card.Images);
    }

    [Fact]
    public void Train_NothingHeldOut_HasNoTest()
    {
        var result = TransferTrainer.Train(task.Train, new TransferOptions { Backbone = TrainedTask.Backbone, TestFraction = 0 });
        Assert.Null(result.Test);
        Assert.Equal(60, result.Model.Card.Images);
        Assert.DoesNotContain("\"test\"", result.Model.Card.Json);
    }

    [Theory]
    [InlineData(null, "stripes")]
    [InlineData("dots", "dots")]
    public void Train_TwoClasses_PositiveIsTheSecondUnlessAsked(string? asked, string expected)
    {
        var result = TransferTrainer.Train(task.Train, TrainedTask.Options(task.Test, positive: asked));
        Assert.Equal(expected, result.Model.Card.Positive);
        Assert.Equal(expected, result.Test!.Result.Positive);
        Assert.InRange(result.Test.Result.Auc!.Value, 0.95, 1);
    }

    [Fact]
    public void Train_UnknownPositiveClass_SaysTheClasses()
    {
        var error = Assert.Throws<TransferException>(() => TransferTrainer.Train(task.Train, TrainedTask.Options(positive: "cracked")));
        Assert.Contains("'dots', 'stripes'", error.Message);
        Assert.Contains("'cracked'", error.Message);
    }

    [Fact]
    public void Train_ThreeClasses_LearnsThemWithoutAPositiveOne()
    {
        Drawings.WriteSet(_folder.Path, 24, seed: 3, "dots", "rings", "stripes");
        var images = ImageFolder.Read(_folder.Path);
        var result = TransferTrainer.Train(images, TrainedTask.Options());
        Assert.Null(result.Model.Card.Positive);
        Assert.Null(result.Model.Card.Threshold);
        Assert.Equal(["dots", "rings", "stripes"], result.Model.Card.Classes);
        Assert.InRange(result.Validation.Result.Accuracy, 0.8, 1);
        var error = Assert.Throws<TransferException>(() => TransferTrainer.Train(images, TrainedTask.Options(positive: "rings")));
        Assert.Contains("'rings' and 3 classes", error.Message);
    }

    [Fact]
    public void Train_OneToTen_StillFindsTheRareClass()
    {
        Drawings.WriteSet(_folder.Path, 60, seed: 4, "dots");
        Drawings.WriteSet(_folder.Path, 6, seed: 4, "stripes");
        var result = TransferTrainer.Train(ImageFolder.Read(_folder.Path), TrainedTask.Options(task.Test));
        Assert.InRange(result.Test!.Result.Recall, 0.8, 1);
        Assert.InRange(result.Test.Result.Accuracy, 0.85, 1);
    }

    [Fact]
    public void Train_UnreadableImages_GoesOnWithoutThemAndSaysWhy()
    {
        Drawings.WriteSet(_folder.Path, 8, seed: 5, "dots", "stripes");
        File.WriteAllText(_folder.File("dots", "notes.txt"), "no picture");
        File.WriteAllBytes(_folder.File("stripes", "empty.png"), []);
        var result = TransferTrainer.Train(ImageFolder.Read(_folder.Path), TrainedTask.Options());
        Assert.Equal([_folder.File("dots", "notes.txt"), _folder.File("stripes", "empty.png")], result.Skipped.Select(image => image.Path));
        Assert.All(result.Skipped, image => Assert.NotEmpty(image.Reason));
        Assert.Equal(16, result.Model.Card.Images + result.Test!.Result.Images);
        Assert.Contains("\"skipped\": 2", result.Model.Card.Json);
    }

    [Fact]
    public void Train_WrongOptions_ReportsAllFaultsTogether()
    {
        var error = Assert.Throws<TransferException>(() => TransferTrainer.Train(task.Train, new TransferOptions { Cut = "", TestFraction = 1, Threads = 0 }));
        Assert.Contains("Cut is", error.Message);
        Assert.Contains("TestFraction is 0 up to 1; received 1", error.Message);
        Assert.Contains("Threads is 1 or more; received 0", error.Message);
    }

    [Fact]
    public void Train_TestImageOfAForeignClass_IsRefusedBeforeAnyImageIsRead()
    {
        var foreign = new ImageSet([new LabeledImage("nowhere.png", "rings")]);
        var reported = new List<TransferProgress>();
        var error = Assert.Throws<TransferException>(() => TransferTrainer.Train(task.Train, TrainedTask.Options(foreign), new Recorder(reported)));
        Assert.Contains("received 'rings' for 'nowhere.png'", error.Message);
        Assert.Empty(reported);
    }

    [Fact]
    public void Train_Progress_CountsEveryStageToItsEnd()
    {
        var reported = new List<TransferProgress>();
        TransferTrainer.Train(task.Train, TrainedTask.Options(task.Test), new Recorder(reported));
        Assert.Equal(["reading images", "reading test images", "training the head"], reported.Select(progress => progress.Stage).Distinct());
        Assert.All(reported.GroupBy(progress => progress.Stage), stage => Assert.Equal(stage.Last().Total, stage.Last().Done));
    }

    [Fact]
    public void Train_Cancelled_Stops() =>
        Assert.ThrowsAny<OperationCanceledException>(
            () => TransferTrainer.Train(task.Train, TrainedTask.Options(), cancellation: new CancellationToken(canceled: true)));

    private sealed class Recorder(List<TransferProgress> reported) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => reported.Add(value);
    }
}
