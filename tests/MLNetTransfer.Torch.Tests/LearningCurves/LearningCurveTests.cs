using MLNetTransfer.Backbones;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Torch.FineTuning;
using MLNetTransfer.Torch.LearningCurves;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Torch.Tests.LearningCurves;

[Collection(TorchCollection.Name)]
public sealed class LearningCurveTests
{
    private static readonly FineTuningOptions Tuning = new() { Cut = "stage3", Epochs = 1, Views = 1 };

    private static readonly LearningCurveOptions Options = new()
    {
        Transfer = new TransferOptions { Cut = "stage4", TestFraction = 0.4 },
        FineTuning = Tuning,
        Sizes = [1, 3],
        Draws = 2,
    };

    // With a rate of 0 nothing moves: a network that may train is the frozen one, and one from scratch has random features. That holds draw by draw only if
    // all learn from the same images and are measured on the same ones.
    [Fact]
    public void Measure_LearningRateOfZero_TrainedIsFrozenDrawByDraw()
    {
        var result = LearningCurve.Measure(Photos(12), Options with { FineTuning = Tuning with { LearningRate = 0 } });

        Assert.Equal(AccuraciesOf(result, LearningMode.Frozen), AccuraciesOf(result, LearningMode.FineTuned));
        Assert.Equal(AccuraciesOf(result, LearningMode.RandomFeatures), AccuraciesOf(result, LearningMode.FromScratch));
        // The comparison says something: no two draws and no two kinds of features do equally well.
        Assert.NotEqual(AccuraciesOf(result, LearningMode.Frozen), AccuraciesOf(result, LearningMode.RandomFeatures));
        Assert.Equal((3, 4), (AccuraciesOf(result, LearningMode.Frozen).Distinct().Count() >= 2 ? 3 : 0, result.Points.Select(point => point.Mode).Distinct().Count()));
    }

    // Were any held-out label learnt from, turning all of them round would change more than right to wrong.
    [Fact]
    public void Measure_HeldOutLabelsTurnedRound_EveryAccuracyIsTurnedRound()
    {
        var (learnt, test) = (Photos(8), Photos(8, skip: 100));
        var turned = new ImageSet(test.Images.Select(image => new LabeledImage(image.Path, image.Label == "cracked" ? "intact" : "cracked")));
        LearningCurveResult Measure(ImageSet held) => LearningCurve.Measure(learnt, Options with { Transfer = Options.Transfer with { Test = held } });

        var (straight, reversed) = (Measure(test), Measure(turned));

        Assert.Equal(16, straight.TestImages);
        Assert.Equal(straight.Points.Count, reversed.Points.Count);
        foreach (var (one, other) in straight.Points.Zip(reversed.Points))
            foreach (var (right, wrong) in one.Accuracies.Zip(other.Accuracies))
                Assert.Equal(1 - right, wrong, 1e-12);
    }

    [Fact]
    public void Measure_AnyNumberOfThreadsAndOtherModesBeside_SameAccuracies()
    {
        var images = Photos(8);

        var all = LearningCurve.Measure(images, Options with { Transfer = Options.Transfer with { Threads = 2 } });
        var some = LearningCurve.Measure(images, Options with { Modes = [LearningMode.FromScratch, LearningMode.FineTuned, LearningMode.FineTuned], Transfer = Options.Transfer with { Threads = 1 } });

        Assert.Equal([LearningMode.FineTuned, LearningMode.FromScratch], some.Points.Select(point => point.Mode).Distinct());
        foreach (var mode in some.Points.Select(point => point.Mode).Distinct())
            Assert.Equal(AccuraciesOf(all, mode), AccuraciesOf(some, mode));
    }

    [Fact]
    public void Measure_OneImageOfAClass_LearnsAndPredicts()
    {
        var result = LearningCurve.Measure(Photos(6), Options with { Sizes = [1], Modes = [LearningMode.Frozen, LearningMode.FineTuned] });

        var points = result.Points.Where(point => point.ImagesOfClass == 1).ToList();
        Assert.Equal(2, points.Count);
        // Two classes held out in equal numbers: whoever always says the same is right in half.
        Assert.All(points.SelectMany(point => point.Accuracies), accuracy => Assert.InRange(accuracy * result.TestImages % 1, 0, 1e-9));
        Assert.Equal("stage3", result.FineTunedFrom);
    }

    [Fact]
    public void Draw_SmallAndLarge_AreNestedEqualAndWithoutNearDuplicates()
    {
        var images = Photos(10);
        // Every image of an even row looks like the one before it.
        int[] groups = [.. Enumerable.Range(0, 20).Select(row => row / 2)];

        var draws = LearningCurve.Draw(images, groups, Options with { Sizes = [4, 1, 2, 2, 5, 100], Draws = 3 });

        Assert.Equal([1, 1, 1, 2, 2, 2, 4, 4, 4, 5], draws.Select(draw => draw.Size));
        foreach (var (size, rows) in draws.SkipLast(1))
        {
            Assert.All([0, 1], label => Assert.Equal(size, rows.Count(row => images.LabelIndices[row] == label)));
            Assert.Equal(rows.Length, rows.DistinctBy(row => groups[row]).Count());
        }
        for (var draw = 0; draw < 3; draw++)
        {
            Assert.Subset(draws[draw + 3].Rows.ToHashSet(), draws[draw].Rows.ToHashSet());
            Assert.Subset(draws[draw + 6].Rows.ToHashSet(), draws[draw + 3].Rows.ToHashSet());
        }
        Assert.Equal(3, draws.Take(3).Select(draw => string.Join(' ', draw.Rows)).Distinct().Count());
        // All images are taken in the end, duplicates too; each class counts as many as it has different ones.
        Assert.Equal(Enumerable.Range(0, 20), draws[^1].Rows);
    }

    [Fact]
    public void DefaultFrom_ACut_LeavesAboutAThirdAboveIt()
    {
        var backbone = Backbone.Embedded;
        var (kept, from) = (backbone.FindCut("all"), backbone.FindCut(LearningCurve.DefaultFrom(backbone, "all")));

        var share = 1 - (double)from.MultiplyAdds / kept.MultiplyAdds;

        Assert.All(backbone.Cuts.Where(cut => cut.Tensors.Count == 1 && cut.MultiplyAdds < kept.MultiplyAdds), cut => Assert.True(Math.Abs(share - 1d / 3) <= Math.Abs(1 - (double)cut.MultiplyAdds / kept.MultiplyAdds - 1d / 3) + 1e-12));
        Assert.Equal("image", LearningCurve.DefaultFrom(backbone, backbone.Cuts[0].Name));
    }

    [Fact]
    public void Measure_Cancelled_Throws()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(void () => LearningCurve.Measure(Photos(6), Options, null, stop.Token));
    }

    [Fact]
    public void Measure_WrongOptions_AreRefusedWithTheRule()
    {
        AssertRefused(Options with { Sizes = [] }, "Sizes are numbers of images of each class, 1 or more");
        AssertRefused(Options with { Sizes = [3, 0] }, "received 3, 0");
        AssertRefused(Options with { Draws = 1 }, "received 1");
        AssertRefused(Options with { Modes = [] }, "received none");
        AssertRefused(Options with { Transfer = new TransferOptions { TestFraction = 0 } }, "Hold some out");
        AssertRefused(Options with { FineTuning = Tuning with { Epochs = 0 } }, "Epochs is 1 or more; received 0");
        AssertRefused(Options with { Transfer = Options.Transfer with { Cut = "nowhere" } }, "nowhere");

        static void AssertRefused(LearningCurveOptions options, string said) =>
            Assert.Contains(said, Assert.Throws<TransferException>(() => LearningCurve.Measure(Photos(6), options)).Message, StringComparison.Ordinal);
    }

    private static double[] AccuraciesOf(LearningCurveResult result, LearningMode mode) => [.. result.Points.Where(point => point.Mode == mode).SelectMany(point => point.Accuracies)];

    private static ImageSet Photos(int ofEachClass, int skip = 0)
    {
        var all = ImageSet.Read(Repository.Path("data", "surfaces", "concrete"));
        return new ImageSet(all.Images.GroupBy(image => image.Label).SelectMany(same => same.Skip(skip).Take(ofEachClass)));
    }
}
