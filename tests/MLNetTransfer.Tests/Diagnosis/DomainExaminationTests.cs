using MLNetTransfer.Diagnosis;

namespace MLNetTransfer.Tests.Diagnosis;

public sealed class DomainExaminationTests
{
    [Fact]
    public void Examine_TheSameFiles_IsRefused()
    {
        var source = Problems.Domain("source", 40, 1);

        var error = Assert.Throws<TransferException>(() => Problems.Diagnose(source, source with { Name = "target" }));

        Assert.Contains("all 40 of 'target' are also in 'source'", error.Message);
    }

    [Fact]
    public void Examine_APartOfTheSource_IsRefused()
    {
        var source = Problems.Domain("source", 40, 1);

        Assert.Throws<TransferException>(() => Problems.Diagnose(source, source.Select([.. Enumerable.Range(3, 15)]) with { Name = "target" }));
    }

    [Fact]
    public void Examine_SomeFilesInBoth_SaysHowMany()
    {
        var source = Problems.Domain("source", 40, 1);
        var target = Problems.Domain("target", 40, 2);
        target = target with { Fingerprints = [.. source.Fingerprints.Take(5), .. target.Fingerprints.Skip(5)] };

        var result = Problems.Diagnose(source, target);

        Assert.Equal(5, result.Evidence.SharedImages);
        Assert.Contains(result.Reasons, reason => reason.StartsWith("5 of 40 target images", StringComparison.Ordinal));
    }

    [Fact]
    public void Examine_CopiesWithinADomain_CountOnce()
    {
        var target = Problems.Domain("target", 12, 2);

        var evidence = Problems.Diagnose(Problems.Domain("source", 40, 1), target.Select([.. Enumerable.Range(0, 12), .. Enumerable.Repeat(0, 30)])).Evidence;

        Assert.Equal(12, evidence.TargetImages);
    }

    [Fact]
    public void Examine_FeaturesThatNeverVary_AreRefused()
    {
        static DomainSample Constant(DomainSample domain) => domain with { Features = new FeatureMatrix(domain.Paths.Count, 3, [.. Enumerable.Repeat(1.5f, 3 * domain.Paths.Count)]) };

        var error = Assert.Throws<TransferException>(() => Problems.Diagnose(Constant(Problems.Domain("source", 20, 1)), Constant(Problems.Domain("target", 20, 2))));

        Assert.Contains("Features differ between images", error.Message);
    }

    [Fact]
    public void Examine_SomeConstantFeatures_LeavesThemOut()
    {
        static DomainSample Widened(DomainSample domain) => domain with
        {
            Features = new FeatureMatrix(domain.Paths.Count, 9, [.. Enumerable.Range(0, domain.Paths.Count).SelectMany(row => (float[])[.. domain.Features.Row(row), 7])]),
        };
        var (source, target) = (Problems.Domain("source", 40, 1), Problems.Domain("target", 40, 2));

        var (plain, widened) = (Problems.Diagnose(source, target).Evidence.Marginal!, Problems.Diagnose(Widened(source), Widened(target)).Evidence.Marginal!);

        Assert.Equal((8, 8), (plain.Features, widened.Features));
        Assert.Equal(plain.Discrepancy, widened.Discrepancy, 1e-12);
        Assert.Equal(plain.ClassifierPValue, widened.ClassifierPValue);
    }

    [Fact]
    public void Examine_AFewForeignImages_PutsThemFirst()
    {
        var target = Problems.Domain("target", 40, 2, features: 3);
        var values = Enumerable.Range(0, 40).SelectMany(row => target.Features.Row(row).ToArray()).ToArray();
        foreach (var row in new[] { 7, 21 })
            values[row * 3] = 8;

        var foreign = Problems.Diagnose(Problems.Domain("source", 80, 1, features: 3), target with { Features = new FeatureMatrix(40, 3, values) }).Evidence.Foreign;

        Assert.Equal([target.Paths[7], target.Paths[21]], foreign.Take(2).Select(image => image.Path).Order(StringComparer.Ordinal));
        Assert.Equal(10, foreign.Count);
    }

    [Fact]
    public void Examine_Points_AreTheLargestDirectionsOfVariation()
    {
        var random = new RandomStream(1);
        // Correlated columns: the first component carries what they share.
        static FeatureMatrix Correlated(int rows, RandomStream random) => new(rows, 3, [.. Enumerable.Range(0, rows).SelectMany(_ =>
        {
            var common = (float)random.NextNormal();
            return new[] { common, common, (float)random.NextNormal() };
        })]);
        var gram = Gram.Of(Correlated(60, random), Correlated(60, random));

        var (first, second) = PrincipalPlane.Of(gram, random);

        // Of a correlation matrix with a block of two the eigenvalues are about 2, 1 and 0; products are divided by the 3 columns.
        Assert.Equal(2 / 3.0, first.Sum(value => value * value) / 120, .05);
        Assert.Equal(1 / 3.0, second.Sum(value => value * value) / 120, .05);
        Assert.Equal(0, first.Zip(second, (a, b) => a * b).Sum() / 120, 1e-3);
    }
}
