using MLNetTransfer.Backbones;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.AccuracyTests;

/// <summary>The embedded images and the embedded backbone: what a fresh clone must reach.</summary>
public sealed class SurfacesTests
{
    private static readonly Lazy<TransferResult> Plaster = new(() => Train("plaster", Backbone.Embedded));

    [Fact]
    public void Train_Plaster_ReachesTheTarget() => Accuracy.AssertAtLeast(Targets.Plaster, Plaster.Value.Test!, images: 300);

    [Fact]
    public void Train_Asphalt_ReachesTheTarget() => Accuracy.AssertAtLeast(Targets.Asphalt, Train("asphalt", Backbone.Embedded).Test!, images: 300);

    [Fact]
    public void Train_Plaster_IsClearlyAboveRandomWeights()
    {
        var pretrained = Plaster.Value.Test!.Result;
        var random = Train("plaster", Backbone.Embedded.WithRandomWeights(1)).Test!.Result;
        Assert.Equal(pretrained.Images, random.Images);
        Assert.True(pretrained.AccuracyInterval.Low > random.Accuracy, $"Pretrained {pretrained.Accuracy} {pretrained.AccuracyInterval}, random weights {random.Accuracy}.");
    }

    /// <summary>
    /// Labels are dealt anew on both sides, half of each class keeping its own. Dealing those of the training images alone would not do: a
    /// head trained on 160 such labels points somewhere, and that agrees with the truth more or less than half by more than the interval of
    /// the held-out images (.35 to .72 over six deals).
    /// </summary>
    [Fact]
    public void Train_LabelsThatSayNothing_IsChance()
    {
        var train = Deal(Read("plaster", "train"), "training labels");
        var test = Deal(Read("plaster", "test"), "test labels");
        var result = TransferTrainer.Train(train, new TransferOptions { Positive = "cracked", Test = test });
        Accuracy.AssertChance(result.Validation);
        Accuracy.AssertChance(result.Test!);
    }

    [Fact]
    public void Train_OneAndTwoThreads_SameBits()
    {
        TransferResult Run(int threads) => TransferTrainer.Train(Read("plaster", "train"), new TransferOptions { Cut = Backbone.Embedded.Cuts[0].Name, Threads = threads });
        var (one, two) = (Run(1), Run(2));
        Accuracy.AssertSameBits(one.Validation, two.Validation);
        Accuracy.AssertSameBits(one.Test!, two.Test!);
    }

    private static TransferResult Train(string domain, Backbone backbone)
    {
        var result = TransferTrainer.Train(Read(domain, "train"), new TransferOptions { Backbone = backbone, Positive = "cracked", Test = Read(domain, "test") });
        Assert.Empty(result.Skipped);
        return result;
    }

    private static ImageSet Read(string domain, string part) => ImageFolder.Read(Repository.Path("data", "surfaces", domain, part));

    private static ImageSet Deal(ImageSet set, string name)
    {
        var random = RandomStream.Derive(1, name);
        var dealt = new List<LabeledImage>();
        foreach (var sameClass in set.Images.GroupBy(image => image.Label))
        {
            var images = sameClass.ToArray();
            random.Shuffle(images.AsSpan());
            dealt.AddRange(images.Select((image, i) => new LabeledImage(image.Path, set.Classes[i % set.Classes.Count])));
        }

        return new ImageSet(dealt, set.Classes);
    }
}
