using MLNetTransfer.Torch.Adaptation;
using MLNetTransfer.Torch.Adaptation.Mathematics;
using MLNetTransfer.Torch.Adaptation.Methods;

namespace MLNetTransfer.Torch.Tests.Adaptation.Scorers;

/// <summary>Trials whose predictions are given.</summary>
internal static class Trials
{
    /// <summary>Source-only with a classifier that predicts the same for every image.</summary>
    public static AdaptationTrial Constant(params float[] probabilities) => Of(new Fixed(probabilities));

    /// <summary>Source-only with a linear classifier of no weights.</summary>
    public static AdaptationTrial Biased(params double[] scores) => Of(new LinearClassifier(new Matrix(5, 3), scores));

    /// <summary>A method on a problem, as it is.</summary>
    public static AdaptationTrial Of(AdaptationMethod method, AdaptationProblem problem)
    {
        var settings = new AdaptationSettings();
        return new AdaptationTrial(method, problem, settings, method.Adapt(problem, settings));
    }

    private static AdaptationTrial Of(TargetClassifier classifier) =>
        new(new SourceOnly(), Waves.Problem(), new AdaptationSettings(), new AdaptedModel(FeatureMap.Identity(5), classifier));

    private sealed class Fixed(float[] probabilities) : TargetClassifier
    {
        public override FeatureMatrix Probabilities(FeatureMatrix features) =>
            new(features.Rows, probabilities.Length, [.. Enumerable.Repeat(probabilities, features.Rows).SelectMany(row => row)]);
    }
}
