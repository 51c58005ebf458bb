using MLNetTransfer.Domains;
using MLNetTransfer.Torch.Adaptation;
using MLNetTransfer.Torch.Adaptation.Methods;

namespace MLNetTransfer.Torch.Tests.Adaptation.Methods;

/// <summary>Three classes that the last of eight features tells apart too, in the source alone: the source's classifier relies on it, and one that works on the target must not.</summary>
internal static class Misleading
{
    private static readonly LabeledFeatures Noise = Problems.Domain(300, 8, "noise", distance: 0);

    private static readonly LabeledFeatures Source = Changed(Problems.Domain(300, 8, "source", distance: 3), (row, value) => value + (2 * ((row % 3) - 1)));

    /// <summary>In the target the feature lies elsewhere and knows nothing of classes.</summary>
    public static void AssertAdaptsToShift(AdaptationMethod method) => AssertAdapts(method, Changed(Problems.Domain(300, 8, "target", distance: 3), (_, value) => value + 4), .85);

    /// <summary>In the target the feature is noise of the deviation 6; its mean is that of the source.</summary>
    public static void AssertAdaptsToNoise(AdaptationMethod method) => AssertAdapts(method, Changed(Problems.Domain(300, 8, "target", distance: 3), (row, _) => 6 * Noise.Features.Row(row)[7]), .8);

    private static void AssertAdapts(AdaptationMethod method, LabeledFeatures target, double least)
    {
        double Accuracy(AdaptationMethod tried) => Problems.Accuracy(tried.Adapt(Problems.Of(tried, Source, target)), target);
        var (floor, adapted) = (Accuracy(new SourceOnly()), Accuracy(method));

        Assert.True(floor < .7 && adapted > least, FormattableString.Invariant($"{floor:0.000} without, {adapted:0.000} with '{method}'"));
    }

    private static LabeledFeatures Changed(LabeledFeatures domain, Func<int, float, float> last) => domain.With((row, j, value) => j == 7 ? last(row, value) : value);
}
