using MLNetTransfer.Torch.Adaptation;
using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Experiments;

/// <summary>Tries one method with hyper-parameters. No label of the target but the few shots inside the problem can get here: of the test images it is given features.</summary>
internal static class CandidateRun
{
    /// <summary>Adapts, predicts and scores, on the calling thread alone.</summary>
    /// <param name="method">The method.</param>
    /// <param name="problem">Source, unlabelled target, perhaps a few labels of the target.</param>
    /// <param name="test">The features of the test images.</param>
    /// <param name="settings">What is the same for all methods.</param>
    /// <param name="scorers">What judges.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static CandidateOutcome Try(
        AdaptationMethod method, AdaptationProblem problem, FeatureMatrix test, AdaptationSettings settings, IReadOnlyList<AdaptationScorer> scorers, CancellationToken cancellation)
    {
        using var one = new OneThread();
        AdaptedModel model;
        try
        {
            model = method.Adapt(problem, settings, cancellation);
        }
        catch (TransferException refusal)
        {
            return new CandidateOutcome { Refusal = refusal.Message };
        }
        var trial = new AdaptationTrial(method, problem, settings, model);
        return new CandidateOutcome
        {
            Predicted = model.Labels(test),
            Unlabelled = trial.Probabilities,
            Scores = scorers.Where(scorer => !scorer.IsComparison).ToDictionary(scorer => scorer.Name, scorer => Score(scorer, trial, cancellation)),
        };
    }

    private static (double? Score, string? Refusal) Score(AdaptationScorer scorer, AdaptationTrial trial, CancellationToken cancellation)
    {
        try
        {
            return (scorer.Score(trial, null, cancellation), null);
        }
        catch (TransferException refusal)
        {
            return (null, refusal.Message);
        }
    }
}
