using MLNetTransfer.Backbones.Quantization;

namespace MLNetTransfer.Tests.Backbones.Quantization;

public sealed class ValueHistogramTests
{
    [Fact]
    public void LeastError_EvenlySpreadValues_KeepsTheRange()
    {
        var histogram = new ValueHistogram(-1, 3);
        histogram.Add([.. Enumerable.Range(0, 10_000).Select(i => -1 + (4 * i / 9_999f))]);

        var (low, high) = histogram.LeastError();

        Assert.InRange(low, -1, -0.97f);
        Assert.InRange(high, 2.9f, 3);
    }

    [Fact]
    public void LeastError_ARareOutlier_IsCutOffAndTheErrorOfTheRestPaysForIt()
    {
        var random = RandomStream.Derive(1, "normal");
        float[] values = [.. Enumerable.Range(0, 400_000).Select(_ => Math.Max(0, (float)random.NextNormal())), 12];
        var histogram = new ValueHistogram(0, 12);
        histogram.Add(values);

        var (low, high) = histogram.LeastError();

        Assert.Equal(0, low);
        Assert.InRange(high, 3, 11);
        Assert.True(SquaredError(values, AffineScale.Covering(low, high)) < SquaredError(values, AffineScale.Covering(0, 12)));
    }

    [Fact]
    public void LeastError_ZerosAlone_KeepsAnEmptyRange()
    {
        var histogram = new ValueHistogram(0, 0);
        histogram.Add(new float[100]);

        Assert.Equal((0, 0), histogram.LeastError());
    }

    [Fact]
    public void Add_HistogramsInAnyOrder_GivesTheSameRange()
    {
        ValueHistogram[] parts = [.. Enumerable.Range(0, 3).Select(part =>
        {
            var histogram = new ValueHistogram(-1, 1);
            histogram.Add(OnnxModels.RandomFloats(500, part));
            return histogram;
        })];
        ValueHistogram Sum(params int[] order)
        {
            var sum = new ValueHistogram(-1, 1);
            foreach (var part in order)
                sum.Add(parts[part]);
            return sum;
        }

        Assert.Equal(Sum(0, 1, 2).LeastError(), Sum(2, 0, 1).LeastError());
    }

    private static double SquaredError(float[] values, AffineScale scale) => values.Sum(value =>
    {
        var miss = ((Math.Clamp(Math.Round(value / (double)scale.Scale) + scale.ZeroPoint, 0, 255) - scale.ZeroPoint) * scale.Scale) - value;
        return miss * miss;
    });
}
