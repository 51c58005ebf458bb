using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Torch.FineTuning;
using MLNetTransfer.Torch.LayerSearch;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Torch.Tests.LayerSearch;

[Collection(TorchCollection.Name)]
public sealed class LayerSearcherTests
{
    private static readonly LayerSearchOptions Options = new() { FineTuning = new FineTuningOptions { Cut = "auto", Epochs = 2, Folds = 2, Views = 1 }, HiddenUnits = 8 };

    [Fact]
    public void Search_Everything_ComparesCutsHeadsAndTrainedLayers()
    {
        var result = LayerSearcher.Search(Photos(12), Options);

        Assert.Equal(["stage1", "stage2", "stage3", "stage4", "all"], result.Figures.Where(figures => figures.Choice is { FineTunedFrom: null, HiddenUnits: 0 }).Select(figures => figures.Choice.Cut));
        Assert.Single(result.Figures, figures => figures.Choice.HiddenUnits == 8);
        var trained = result.Figures.Where(figures => figures.Choice.FineTunedFrom is not null).ToList();
        Assert.Contains(trained, figures => figures.IsComplete);
        Assert.Equal(["stage1", "stage2", "stage3"], trained.Where(figures => figures.Choice.Cut == "all").Select(figures => figures.Choice.FineTunedFrom!).Order(StringComparer.Ordinal));
        Assert.True(result.Recommended.IsComplete);
        Assert.False(result.Stopped);
        Assert.All(result.Figures, figures => Assert.InRange(figures.Accuracy, figures.Interval.Low, figures.Interval.High));
    }

    [Fact]
    public void Search_Recommended_IsTheCheapestThatTiesWithTheBest()
    {
        var result = LayerSearcher.Search(Photos(30), Options with { FineTunes = false, HiddenUnits = 0 });

        var best = result.Figures.MinBy(figures => figures.LogLoss)!;
        Assert.True(result.Recommended.MultiplyAdds <= best.MultiplyAdds);
        Assert.Contains(result.Recommended == best ? "lowest log-loss" : "cheapest choice within 0.25 standard errors", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_Twice_SameFigures()
    {
        var (first, second) = (LayerSearcher.Search(Photos(8), Options), LayerSearcher.Search(Photos(8), Options with { Transfer = new TransferOptions { Threads = 1 } }));

        Assert.Equal(first.Figures.Select(figures => figures with { Seconds = 0 }), second.Figures.Select(figures => figures with { Seconds = 0 }));
        Assert.Equal(first.Recommended.Choice, second.Recommended.Choice);
    }

    [Fact]
    public void Search_TrainingThatDoesHarm_IsGivenUpOnAllThreadsAlike()
    {
        var harmful = Options with { FineTuning = Options.FineTuning with { Folds = 5, LearningRate = 1, Dropout = 0.9 } };

        var (one, eight) = (LayerSearcher.Search(Photos(15), harmful with { Transfer = new TransferOptions { Threads = 1 } }), LayerSearcher.Search(Photos(15), harmful with { Transfer = new TransferOptions { Threads = 8 } }));

        var trained = one.Figures.Where(figures => figures.Choice.FineTunedFrom is not null).ToList();
        Assert.NotEmpty(trained);
        Assert.All(trained, figures => Assert.False(figures.IsComplete));
        Assert.All(trained, figures => Assert.InRange(figures.Images, 1, one.Images - 1));
        Assert.Null(one.Recommended.Choice.FineTunedFrom);
        Assert.Equal(one.Figures.Select(figures => figures with { Seconds = 0 }), eight.Figures.Select(figures => figures with { Seconds = 0 }));
    }

    [Fact]
    public void Search_Exhaustive_TrainsEveryChoiceInFull()
    {
        var result = LayerSearcher.Search(Photos(8), Options with { FineTuning = Options.FineTuning with { Folds = 3 }, IsExhaustive = true });

        Assert.Contains(result.Figures, figures => figures.Choice.FineTunedFrom is not null);
        Assert.All(result.Figures, figures => Assert.True(figures is { IsComplete: true, Images: 16 }));
    }

    [Fact]
    public void Search_BudgetOfAnInstant_TheFrozenLayersAreTheAnswer()
    {
        var result = LayerSearcher.Search(Photos(8), Options with { Budget = TimeSpan.FromTicks(1) });

        Assert.True(result.Stopped);
        Assert.All(result.Figures, figures => Assert.Null(figures.Choice.FineTunedFrom));
    }

    [Fact]
    public void Search_CancelledWhileLayersTrain_BestAnswerSoFar()
    {
        using var stop = new CancellationTokenSource();

        var result = LayerSearcher.Search(Photos(8), Options, new Callback(progress => { if (progress.Stage.Contains("training", StringComparison.Ordinal)) stop.Cancel(); }), stop.Token);

        Assert.True(result.Stopped);
        Assert.True(result.Recommended.IsComplete);
    }

    [Fact]
    public void Search_CancelledBefore_Throws()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(void () => LayerSearcher.Search(Photos(8), Options, null, stop.Token));
    }

    [Fact]
    public void Train_WhatWasFound_HoldsTheSameImagesOut()
    {
        var images = Photos(12);

        var (result, search) = LayerSearcher.Train(images, Options with { FineTunes = false, HiddenUnits = 0 });

        var frozen = TransferTrainer.Train(images, new TransferOptions { Cut = search.Recommended.Choice.Cut });
        Assert.Equal(frozen.Test!.Images.Images.Select(image => image.Path), result.Test!.Images.Images.Select(image => image.Path));
        Assert.Equal(images.Images.Count - result.Test.Images.Images.Count, search.Images);
    }

    [Fact]
    public void Validate_Wrong_IsNamed()
    {
        Assert.Contains("HiddenUnits", Assert.Throws<TransferException>(void () => LayerSearcher.Search(Photos(8), Options with { HiddenUnits = -1 })).Message, StringComparison.Ordinal);
        Assert.Contains("Repetitions", Assert.Throws<TransferException>(void () => LayerSearcher.Search(Photos(8), Options with { Repetitions = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("Budget", Assert.Throws<TransferException>(void () => LayerSearcher.Search(Photos(8), Options with { Budget = TimeSpan.Zero })).Message, StringComparison.Ordinal);
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
