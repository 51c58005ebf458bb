using MLNetTransfer.Domains;
using MLNetTransfer.Torch.Adaptation;

namespace MLNetTransfer.Torch.Tests.Adaptation;

/// <summary>A source of N(0, 1) and a target of N(.6, 1) in one dimension: the ratio of their densities is exp(.6 x - .18).</summary>
internal static class Gaussians
{
    private const double Shift = .6;

    public static AdaptationProblem Problem { get; } = new(Draw(400, "source", 0), Draw(400, "target", Shift).WithoutLabels());

    /// <summary>Weights follow the true ratio: the mean absolute error, over a mean ratio of 1, is far below the .45 of equal weights, and the shifted mean is met.</summary>
    public static void AssertFollowRatio(double[] weights, double error = .2)
    {
        var x = Enumerable.Range(0, weights.Length).Select(row => (double)Problem.Source.Features.Row(row)[0]).ToArray();
        var mean = weights.Average();
        Assert.True(x.Average(value => Math.Abs(Ratio(value) - 1)) > .44);
        Assert.InRange(x.Select((value, row) => Math.Abs((weights[row] / mean) - Ratio(value))).Average(), 0, error);
        Assert.Equal(Shift, x.Select((value, row) => weights[row] / mean * value).Average(), .15);
    }

    private static double Ratio(double x) => Math.Exp((Shift * x) - (Shift * Shift / 2));

    private static LabeledFeatures Draw(int rows, string name, double mean)
    {
        var random = RandomStream.Derive(11, name);
        float[] values = [.. Enumerable.Range(0, rows).Select(_ => (float)(random.NextNormal() + mean))];
        return new LabeledFeatures(new FeatureMatrix(rows, 1, values), [.. values.Select(value => value > 0 ? 1 : 0)], ["low", "high"]);
    }
}
