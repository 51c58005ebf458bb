using MLNetTransfer.Transfer;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>Tries methods with all their candidate hyper-parameters and takes the one that a scorer likes best, without target labels.</summary>
public static class AdaptationSelector
{
    private const string Stage = "trying methods";
    private const string JudgingStage = "judging them";

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
        AdaptationMethod[] candidates = [.. methods.SelectMany(method => method.Candidates)];
        var tried = new List<(AdaptationMethod Method, AdaptationTrial? Trial, string? Refusal)>();
        foreach (var method in candidates)
        {
            progress?.Report(new TransferProgress(Stage, tried.Count, candidates.Length));
            try
            {
                tried.Add((method, new AdaptationTrial(method, problem, settings, method.Adapt(problem, settings, cancellation)), null));
            }
            catch (TransferException refusal)
            {
                tried.Add((method, null, refusal.Message));
            }
        }
        progress?.Report(new TransferProgress(Stage, candidates.Length, candidates.Length));
        AdaptationTrial[] trials = [.. tried.Select(one => one.Trial).OfType<AdaptationTrial>()];
        if (trials.Length == 0)
            throw new TransferException($"One method or more applies to the problem; all {tried.Count} were refused, the first because: {tried.FirstOrDefault().Refusal ?? "none was given."}");
        var judged = new List<AdaptationCandidate>();
        foreach (var (method, trial, refusal) in tried)
        {
            progress?.Report(new TransferProgress(JudgingStage, judged.Count, tried.Count));
            judged.Add(trial is null ? new AdaptationCandidate(method, null, null, refusal) : Judge(trial, trials, scorer, cancellation));
        }
        progress?.Report(new TransferProgress(JudgingStage, judged.Count, tried.Count));
        return new AdaptationChoice(scorer, judged);
    }

    private static AdaptationCandidate Judge(AdaptationTrial trial, IReadOnlyList<AdaptationTrial> trials, AdaptationScorer scorer, CancellationToken cancellation)
    {
        try
        {
            return new AdaptationCandidate(trial.Method, trial.Model, scorer.Score(trial, trials, cancellation), null);
        }
        catch (TransferException refusal)
        {
            return new AdaptationCandidate(trial.Method, trial.Model, null, refusal.Message);
        }
    }
}
