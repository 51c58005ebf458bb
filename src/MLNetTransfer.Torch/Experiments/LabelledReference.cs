using MLNetTransfer.Domains;
using MLNetTransfer.Images;
using MLNetTransfer.Torch.Adaptation;
using MLNetTransfer.Torch.Adaptation.Mathematics;
using MLNetTransfer.Torch.Adaptation.Methods;

namespace MLNetTransfer.Torch.Experiments;

/// <summary>What labels of the target are worth: the classifier of the comparison trained on them, and no source.</summary>
internal static class LabelledReference
{
    private const int Folds = 5;

    /// <summary>Trained on all labels there are: those of the part adapted to where another part is tested on, else cross-validated.</summary>
    public static CandidateOutcome Ceiling(HeldOutTruth truth, AdaptationSettings settings, CancellationToken cancellation) => Try(() =>
    {
        if (truth.Training is { } training)
            return Predict(training, truth.Test.Features, settings, cancellation);
        int[] labels = [.. truth.Test.Labels], groups = [.. truth.Groups];
        var ofClass = labels.Index().GroupBy(row => row.Item).Min(same => same.DistinctBy(row => groups[row.Index]).Count());
        var folds = StratifiedSplit.Folds(labels, groups, Math.Clamp(ofClass, 2, Folds), settings.Seed, truth.Test.Classes);
        var predicted = new int[labels.Length];
        foreach (var fold in folds.Distinct().Order())
        {
            int[] Part(bool isTest) => [.. Enumerable.Range(0, labels.Length).Where(row => folds[row] == fold == isTest)];
            var learnt = truth.Test.Select(Part(isTest: false));
            var part = Part(isTest: true);
            var found = Predict(truth.Shots is null ? learnt : Rows.Joined(learnt, truth.Shots), truth.Test.Features.Select(part), settings, cancellation);
            for (var i = 0; i < part.Length; i++)
                predicted[part[i]] = found[i];
        }
        return predicted;
    });

    /// <summary>Trained on the few labelled images alone.</summary>
    public static CandidateOutcome ShotsOnly(HeldOutTruth truth, AdaptationSettings settings, CancellationToken cancellation) =>
        Try(() => Predict(truth.Shots!, truth.Test.Features, settings, cancellation));

    private static int[] Predict(LabeledFeatures training, FeatureMatrix test, AdaptationSettings settings, CancellationToken cancellation) =>
        new SourceOnly().Adapt(new AdaptationProblem(training, new UnlabeledFeatures(test)), settings, cancellation).Labels(test);

    private static CandidateOutcome Try(Func<int[]> predict)
    {
        using var one = new OneThread();
        try
        {
            return new CandidateOutcome { Predicted = predict() };
        }
        catch (TransferException refusal)
        {
            return new CandidateOutcome { Refusal = refusal.Message };
        }
    }
}
