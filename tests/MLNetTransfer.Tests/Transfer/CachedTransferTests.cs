using MLNetTransfer.Bottlenecks;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Tests.Transfer;

public sealed class CachedTransferTests(TrainedTask task) : IClassFixture<TrainedTask>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Train_WithoutWithEmptyAndWithFullCache_GivesTheSameBytes()
    {
        var (model, card) = Models.Saved(task.Result.Model);
        for (var run = 0; run < 2; run++)
        {
            using var cache = Open();
            var options = new TransferOptions { Backbone = TrainedTask.Backbone, Test = task.Test, Cache = cache };
            var cached = Models.Saved(TransferTrainer.Train(task.Train, options).Model);
            Assert.Equal(card, cached.Card);
            Assert.Equal(model, cached.Model);
            Assert.Equal((90 * run, 90 * (1 - run)), (cache.Found, cache.Added));
        }
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Evaluate_AfterTraining_ComputesNothingAgain()
    {
        using var cache = Open();
        TransferTrainer.Train(task.Train, new TransferOptions { Backbone = TrainedTask.Backbone, Test = task.Test, Cache = cache });
        using var plain = ImageClassifier.Load(task.ModelPath);
        using var cached = ImageClassifier.Load(task.ModelPath, cache: cache);
        var (expected, actual) = (plain.Evaluate(task.Test), cached.Evaluate(task.Test));
        for (var row = 0; row < expected.Probabilities.Rows; row++)
            Assert.Equal(expected.Probabilities.Row(row).ToArray(), actual.Probabilities.Row(row).ToArray());
        Assert.Equal((30, 90), (cache.Found, cache.Added));
        // One image is always computed: serving leaves no traces on disk.
        cached.Predict(task.TestPaths[0]);
        Assert.Equal((30, 90), (cache.Found, cache.Added));
    }

    [Fact]
    public void Train_PlaceTakesNoCache_WarnsAndTrains()
    {
        var file = _folder.File("file");
        File.WriteAllText(file, "");
        using var cache = new FeatureCache(file, _warnings.Add);
        var trained = TransferTrainer.Train(task.Train, new TransferOptions { Backbone = TrainedTask.Backbone, Test = task.Test, Cache = cache });
        Assert.Equal(Models.Saved(task.Result.Model).Model, Models.Saved(trained.Model).Model);
        Assert.Single(_warnings);
    }

    private FeatureCache Open() => new(Path.Combine(_folder.Path, "cache"), _warnings.Add);
}
