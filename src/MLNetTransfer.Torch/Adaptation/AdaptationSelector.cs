using MLNetTransfer.Transfer;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>Tries methods with all their candidate hyper-parameters and takes the one that a scorer likes best, without target labels.</summary>
public static class AdaptationSelector
{
    private const string Stage = "trying methods";

    /// <summary>Tries and chooses.</summary>
    /// <param name="problem">Source, target, perhaps a few labels of the target.</param>
    /// <param name="scorer">What chooses.</param>
    /// <param name="settings">What is the same for all methods; null for the defaults.</param>
    /// <param name="methods">The methods; null for all of the catalog that the problem can be given to.</param>
    /// <param name="progress">Told before every candidate and after the last; null for nobody.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="TransferException">Every candidate was refused; the message has the reason of the first.</exception>
    public static AdaptationChoice Choose(
        AdaptationProblem problem, AdaptationScorer scorer, AdaptationSettings? settings = null, IReadOnlyList<AdaptationMethod>? methods = null,
        IProgress<TransferProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(scorer);
        settings ??= new AdaptationSettings();
        methods ??= [.. AdaptationCatalog.Methods.Where(method => !method.NeedsShots || problem.Shots is not null)];
        var candidates = new List<AdaptationCandidate>();
        AdaptationMethod[] tried = [.. methods.SelectMany(method => method.Candidates)];
        foreach (var method in tried)
        {
            progress?.Report(new TransferProgress(Stage, candidates.Count, tried.Length));
            try
            {
                var trial = new AdaptationTrial(method, problem, settings, method.Adapt(problem, settings, cancellation));
                candidates.Add(new AdaptationCandidate(method, trial.Model, scorer.Score(trial, cancellation), null));
            }
            catch (TransferException refusal)
            {
                candidates.Add(new AdaptationCandidate(method, null, null, refusal.Message));
            }
        }
        progress?.Report(new TransferProgress(Stage, candidates.Count, tried.Length));
        return candidates.Any(candidate => candidate.Score is not null)
            ? new AdaptationChoice(scorer, candidates)
            : throw new TransferException($"One method or more applies to the problem; all {candidates.Count} were refused, the first because: {candidates.FirstOrDefault()?.Refusal ?? "none was given."}");
    }
}
