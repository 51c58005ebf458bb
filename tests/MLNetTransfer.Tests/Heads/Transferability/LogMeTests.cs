using MLNetTransfer.Heads.Transferability;

namespace MLNetTransfer.Tests.Heads.Transferability;

public sealed class LogMeTests
{
    // The oracles: numpy builds N(y; 0, F F' / alpha + I / beta) itself, by Cholesky of the images x images matrix, and scipy's Nelder-Mead
    // maximises it over log alpha and log beta from 25 starts; mean over classes, divided by the images.
    public static TheoryData<string, double> Densities => new()
    {
        { "twelve", -0.7392355621901089 },
        { "wide", -0.39499348856686567 },
        { "tall", -0.49705224401248516 },
    };

    [Theory]
    [MemberData(nameof(Densities))]
    public void Of_Features_IsTheLargestDensityOfTheClasses(string sample, double expected)
    {
        var (features, labels) = Named(sample);
        Assert.Equal(expected, LogMe.Of(features, labels), 1e-6);
    }

    [Fact]
    public void Of_ScaledFeaturesOrRenamedClasses_IsTheSame()
    {
        var (features, labels) = Named("tall");
        var expected = LogMe.Of(features, labels);
        var scaled = new FeatureMatrix(60, 10, [.. Enumerable.Range(0, 60).SelectMany(row => features.Row(row).ToArray()).Select(value => 1024 * value)]);
        Assert.Equal(expected, LogMe.Of(scaled, labels), 1e-9);
        Assert.Equal(expected, LogMe.Of(features, [.. labels.Select(label => 7 - 3 * label)]), 1e-12);
    }

    [Fact]
    public void Of_FeaturesThatTellTheClassesApart_IsHigherThanOfOthers()
    {
        var telling = Waves.Of(60, 100, 3, offset: 0, shift: .6);
        var silent = Waves.Of(60, 100, 3, offset: 0, shift: 0);
        Assert.InRange(LogMe.Of(telling.Features, telling.Labels) - LogMe.Of(silent.Features, silent.Labels), .1, 10);
    }

    [Fact]
    public void Of_TheClassesThemselvesAsFeatures_IsFinite() =>
        Assert.InRange(LogMe.Of(new FeatureMatrix(4, 2, [1, 0, 1, 0, 0, 1, 0, 1]), [0, 0, 1, 1]), 1, 1e3);

    [Fact]
    public void Of_BadInput_IsRefusedWithTheRule()
    {
        AssertRefused("2 or more images; received 1", new FeatureMatrix(1, 2, [1, 2]), [0]);
        AssertRefused("2 or more classes apart; received images of 1", new FeatureMatrix(2, 1, [1, 2]), [3, 3]);
        AssertRefused("must differ between images; received 2 equal rows", new FeatureMatrix(2, 2, [1, 2, 1, 2]), [0, 1]);
        AssertRefused("finite numbers; received NaN in row 1", new FeatureMatrix(2, 1, [1, float.NaN]), [0, 1]);
        AssertRefused("received 2 images and 1 labels", new FeatureMatrix(2, 1, [1, 2]), [0]);
        AssertRefused("0 or more; received -1", new FeatureMatrix(2, 1, [1, 2]), [0, -1]);

        static void AssertRefused(string rule, FeatureMatrix features, int[] labels)
        {
            Assert.Contains(rule, Assert.Throws<TransferException>(() => LogMe.Of(features, labels)).Message);
            Assert.Contains(rule, Assert.Throws<TransferException>(() => HScore.Of(features, labels)).Message);
        }
    }

    internal static (FeatureMatrix Features, int[] Labels) Named(string sample) => sample switch
    {
        "twelve" => (Sample.Twelve, Sample.TwelveLabels),
        "wide" => Waves.Of(20, 50, 4, offset: 0, shift: 1),
        _ => Waves.Of(60, 10, 2, offset: 2, shift: .5),
    };
}
