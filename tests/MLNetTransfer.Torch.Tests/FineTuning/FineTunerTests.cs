using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Torch.FineTuning;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Torch.Tests.FineTuning;

/// <summary>Fine-tuning from photos to a model that the core alone serves.</summary>
[Collection(TorchCollection.Name)]
public sealed class FineTunerTests
{
    private static readonly FineTuningOptions Options = new() { Cut = "stage3", Epochs = 2, Folds = 2, Views = 2 };

    [Theory]
    [InlineData("stage4", "stage3", 0)]
    [InlineData("all", "stage3", 0)]
    [InlineData("stage4", "stage3", 8)]
    [InlineData("all", "all", 8)]
    public void Train_SavedAndServedByTheCore_PredictsWhatWasMeasured(string cut, string from, int hidden)
    {
        using var folder = new TemporaryFolder();

        var result = FineTuner.Train(Photos(12), Options with { Cut = from, HiddenUnits = hidden }, new TransferOptions { Cut = cut, TestFraction = 0.3 });
        result.Model.Save(folder.File("model.zip"));

        using var classifier = ImageClassifier.Load(folder.File("model.zip"));
        var test = result.Test!;
        foreach (var (row, image) in test.Images.Images.Index())
        {
            var prediction = classifier.Predict(image.Path);
            Assert.Equal(test.Probabilities.Row(row)[1], prediction["intact"], 1e-5f);
        }
        Assert.Equal(from, classifier.Card.FineTuning!.From);
        Assert.Equal(hidden, classifier.Card.FineTuning.HiddenUnits);
        var chain = new Microsoft.ML.MLContext(0).Model.Load(folder.File("model.zip"), out _);
        Assert.NotNull(chain);
        (chain as IDisposable)?.Dispose();
    }

    [Fact]
    public void Train_AnyNumberOfThreadsAndResumed_SameBytes()
    {
        using var folder = new TemporaryFolder();
        var images = Photos(8);
        string Save(string name, int threads, FineTuningOptions options, CancellationToken cancellation = default, IProgress<TransferProgress>? progress = null)
        {
            FineTuner.Train(images, options, new TransferOptions { Cut = "stage4", Threads = threads }, progress, cancellation).Model.Save(folder.File(name));
            return Convert.ToHexString(File.ReadAllBytes(folder.File(name)));
        }
        var one = Save("one.zip", 1, Options);

        Assert.Equal(one, Save("two.zip", 2, Options));

        // Stopped amid the epochs, twice; what was kept is all that is left of it.
        var kept = Options with { CheckpointFolder = folder.File("kept", "x")[..^2] };
        for (var at = 2; at <= 4; at += 2)
        {
            using var stop = new CancellationTokenSource();
            Assert.ThrowsAny<OperationCanceledException>(void () => Save("never.zip", 1, kept, stop.Token, new Callback(progress =>
            {
                if (progress.Stage == "fine-tuning" && progress.Done == at)
                    stop.Cancel();
            })));
        }
        Assert.False(File.Exists(folder.File("never.zip")));
        Assert.Equal(one, Save("resumed.zip", 2, kept));
    }

    [Fact]
    public void Train_FirstClassPositive_SameProbabilities()
    {
        var images = Photos(8);

        var second = FineTuner.Train(images, Options, new TransferOptions { Cut = "stage4", Positive = "intact" });
        var first = FineTuner.Train(images, Options, new TransferOptions { Cut = "stage4", Positive = "cracked" });

        Assert.Equal("cracked", first.Model.Card.Positive);
        for (var row = 0; row < second.Test!.Probabilities.Rows; row++)
            Assert.Equal(second.Test.Probabilities.Row(row)[0], first.Test!.Probabilities.Row(row)[0], 1e-5f);
    }

    [Fact]
    public void Train_HiddenLayerAlone_LearnsFromChangedPhotosToo()
    {
        var images = Photos(8);
        float[] Probabilities(Augmentation augmentation, int views)
        {
            var options = Options with { Cut = "all", HiddenUnits = 8, LearningRate = 0.1, Augmentation = augmentation, Views = views };
            var found = FineTuner.Train(images, options, new TransferOptions { Cut = "all" }).Test!.Probabilities;
            return [.. Enumerable.Range(0, found.Rows).Select(row => found.Row(row)[1])];
        }
        var plain = Probabilities(Augmentation.None, views: 2);
        var recoloured = new Augmentation { Mirror = false, Colour = 0.5 };

        Assert.Equal(plain, Probabilities(recoloured, views: 1));
        Assert.NotEqual(plain, Probabilities(recoloured, views: 2));
    }

    [Fact]
    public void Train_ThreeClasses_Works()
    {
        var concrete = Photos(8);
        var plaster = ImageSet.Read(Repository.Path("data", "surfaces", "plaster", "train")).Images.Where(image => image.Label == "intact").Take(8).Select(image => new LabeledImage(image.Path, "plaster"));
        var three = new ImageSet([.. concrete.Images, .. plaster]);

        var result = FineTuner.Train(three, Options, new TransferOptions { Cut = "stage4", TestFraction = 0 });

        Assert.Equal(3, result.Validation.Result.Classes.Count);
        Assert.Equal(24, result.Validation.Result.Images);
    }

    [Fact]
    public void Train_NoSpareTemporaryFiles_AreLeft()
    {
        using var scratch = new TemporaryFolder();

        FineTuner.Train(Photos(6), Options with { Epochs = 1, ScratchFolder = scratch.Path }, new TransferOptions { Cut = "stage4", TestFraction = 0 });

        Assert.Empty(Directory.GetFileSystemEntries(scratch.Path));
    }

    [Fact]
    public void Train_ScratchFolderThatIsNone_SaysHowMuchIsNeeded()
    {
        var fault = Assert.Throws<TransferException>(() => FineTuner.Train(Photos(6), Options with { ScratchFolder = "/dev/null/none" }, new TransferOptions { Cut = "stage4", TestFraction = 0 }));

        Assert.Contains("MB", fault.Message, StringComparison.Ordinal);
        Assert.Contains("/dev/null/none", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stage4", "stage4", "none")]
    [InlineData("stage3", "stage4", "there are none")]
    [InlineData("stage4", "nowhere", "nowhere")]
    [InlineData("stage4", "all", "one tensor")]
    public void Train_NothingToTrain_SaysSo(string cut, string from, string said)
    {
        var fault = Assert.Throws<TransferException>(() => FineTuner.Train(Photos(6), Options with { Cut = from }, new TransferOptions { Cut = cut }));

        Assert.Contains(said, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_OneImageOfAClass_IsRefused()
    {
        var photos = Photos(6);
        var scarce = new ImageSet(photos.Images.Where((image, i) => image.Label == "cracked" || i == photos.Images.Count - 1));

        var fault = Assert.Throws<TransferException>(() => FineTuner.Train(scarce, Options, new TransferOptions { Cut = "stage4" }));

        Assert.Contains("'intact'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_EveryOptionWrong_AllAreNamed()
    {
        var options = new FineTuningOptions
        {
            Cut = "",
            Epochs = 0,
            BatchSize = 0,
            Optimizer = (FineTuningOptimizer)7,
            LearningRate = double.NaN,
            WarmUp = 1,
            LayerRate = 0,
            Momentum = 1,
            WeightDecay = -1,
            PretrainedDecay = -1,
            LabelSmoothing = 1,
            Dropout = 1,
            HiddenUnits = -1,
            Views = 0,
            ValidationShare = 1,
            Patience = 0,
            Folds = 1,
            Augmentation = new Augmentation { Crop = 0, Colour = 1, Noise = -1, MixUp = 11 },
        };

        var fault = Assert.Throws<TransferException>(options.Validate);

        foreach (var name in typeof(FineTuningOptions).GetProperties().Select(property => property.Name).Except(["TrainBatchNorm", "Augmentation", "ScratchFolder", "CheckpointFolder", "Settings", "EqualityContract"]).Concat(["Crop", "Colour", "Noise", "MixUp"]))
            Assert.Contains(name + " is", fault.Message, StringComparison.Ordinal);
    }

    private static ImageSet Photos(int ofEachClass)
    {
        var all = ImageSet.Read(Repository.Path("data", "surfaces", "concrete"));
        return new ImageSet(all.Images.GroupBy(image => image.Label).SelectMany(same => same.Take(ofEachClass)));
    }

    private sealed class Callback(Action<TransferProgress> report) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => report(value);
    }
}
