using MLNetTransfer.Benchmarks.Transferability;

namespace MLNetTransfer.Torch.Tests.Transferability;

public sealed class FindingsTests
{
    /// <summary>Closed form: 1, 2, 3, 6 have mean 3 and variance 14/3; the standard error is the root of 14/12.</summary>
    [Fact]
    public void Contrast_Values_HasMeanAndStandardError()
    {
        var contrast = Contrast.Of([1, 2, 3, 6]);
        Assert.Equal(3, contrast.Mean, 1e-12);
        Assert.Equal(Math.Sqrt(14.0 / 12), contrast.StandardError, 1e-12);
        // t = 2.78 with three degrees of freedom, whose 95 % point is 3.18.
        Assert.Equal(0, contrast.Sign);
    }

    [Theory]
    [InlineData(1, 0.30, 4)]
    [InlineData(-1, -0.30, 4)]
    [InlineData(0, 0.30, 1)]
    [InlineData(0, 0.30, 2)]
    public void Sign_MeanOfThreeAndAHalfErrors_NeedsFourValues(int expected, double mean, int count) =>
        Assert.Equal(expected, new Contrast(mean, 0.30 / 3.5, count - 1).Sign);

    [Fact]
    public void Contrast_OneValue_TellsNothing() => Assert.Equal(0, Contrast.Of([5]).Sign);

    /// <summary>Closed form: with equal errors and degrees, Welch's degrees are those of both together; with one error 0, those of the other.</summary>
    [Fact]
    public void Sum_TwoContrasts_AddsVariancesAndHasWelchsDegrees()
    {
        var difference = Contrast.Sum((1, new Contrast(5, 3, 2)), (-1, new Contrast(4, 3, 2)));
        Assert.Equal(1, difference.Mean, 1e-12);
        Assert.Equal(Math.Sqrt(18), difference.StandardError, 1e-12);
        Assert.Equal(4, difference.Degrees, 1e-12);
        Assert.Equal(3, Contrast.Sum((0.5, new Contrast(1, 2, 3)), (0.5, new Contrast(1, 0, 2))).Degrees, 1e-12);
        Assert.Equal(0, Contrast.Sum((1, Contrast.Of([1, 2, 3])), (1, Contrast.Of([1]))).Degrees);
    }

    [Fact]
    public void AboveBase_TwoSplits_AreDifferencesWithinEach()
    {
        // Base B is easier in the second split by .2, and so is everything else: no difference between splits remains.
        var findings = new Findings([.. Results(1, 0.3), .. Results(2, 0.5)]);
        var contrast = findings.AboveBase(Similarity.Similar, Arm.TransferFrozen, 3);
        Assert.Equal(-0.03, contrast.Mean, 1e-12);
        Assert.Equal(0, contrast.StandardError, 1e-12);
        Assert.Equal(0.4, findings.Accuracy(Similarity.Similar, Arm.BaseB).Mean, 1e-12);
        Assert.Equal(1.0 / 40, findings.Chance, 1e-12);
        // A1B to A3B lose .02 on average, A4B to A6B .05.
        var falls = Shape.All.Single(shape => shape.Name == "transfer falls with depth");
        Assert.Equal(0.03, findings.Over(Similarity.Similar, falls.Combine).Mean, 1e-12);
    }

    [Fact]
    public void Findings_SplitThatLacksANetwork_LeavesItOut()
    {
        var findings = new Findings([.. Results(1, 0.3), .. Results(2, 0.5).Skip(1)]);
        Assert.Equal([(Similarity.Similar, 1)], findings.Splits);
    }

    [Fact]
    public void Into_PageWithMarks_KeepsTheProseAndReplacesTheTables()
    {
        var findings = new Findings([.. Results(1, 0.3), .. Results(2, 0.5)]);
        var first = new TransferabilityReport(findings).Into("# Title\n");
        Assert.StartsWith("# Title\n", first, StringComparison.Ordinal);
        Assert.Contains("| 3 | 0.0 ± 0.0 |  | -3.0 ± 0.0 |  | 0.0 ± 0.0 |", first, StringComparison.Ordinal);
        var second = new TransferabilityReport(findings).Into(first + "What it means.\n");
        Assert.Equal(first + "What it means.\n", second);
    }

    [Fact]
    public void ToSvg_TwoSplits_IsWellFormedAndHasEveryPoint()
    {
        var svg = System.Xml.Linq.XDocument.Parse(new TransferabilityPlot(new Findings([.. Results(1, 0.3), .. Results(2, 0.5)])).ToSvg());
        Assert.Equal(NetworkRun.Of(Similarity.Similar, 1).Count(run => run.Layers > 0), svg.Descendants().Count(element => element.Name.LocalName == "circle"));
        Assert.Equal(5, svg.Descendants().Count(element => element.Name.LocalName == "polyline"));
    }

    /// <summary>All arms are as good as the base, but transfer loses a point a layer.</summary>
    private static IEnumerable<NetworkResult> Results(int seed, double accuracy) => NetworkRun.Of(Similarity.Similar, seed)
        .Select(run => new NetworkResult(run, accuracy - (run.Arm == Arm.TransferFrozen ? run.Layers / 100.0 : 0), 1, 1, "side 32 classes 40 images 100"));
}
