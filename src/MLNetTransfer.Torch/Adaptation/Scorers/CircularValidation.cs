using MLNetTransfer.Domains;

namespace MLNetTransfer.Torch.Adaptation.Scorers;

/// <summary>
/// Circular validation (Bruzzone and Marconcini, "Domain Adaptation Problems: A DASVM Classification Technique and a Circular Validation Strategy", IEEE TPAMI
/// 32(5), 2010): the target with its predicted labels becomes the source, the method adapts back, and the accuracy on the true source labels is the score.
/// Faults that the way back undoes are not seen, and it costs a second adaptation.
/// </summary>
public sealed class CircularValidation : AdaptationScorer
{
    /// <inheritdoc/>
    public override string Name => "circular";

    /// <inheritdoc/>
    public override string Summary => "the source accuracy after adapting back from the predicted target";

    /// <inheritdoc/>
    public override string Reference =>
        "Bruzzone and Marconcini, Domain Adaptation Problems: A DASVM Classification Technique and a Circular Validation Strategy, IEEE TPAMI 32(5), 2010";

    /// <inheritdoc/>
    protected override double ScoreCore(AdaptationTrial trial, IReadOnlyList<AdaptationTrial> all, CancellationToken cancellation)
    {
        var (source, target) = (trial.Problem.Source, trial.Problem.Target.Features);
        if (trial.Method.NeedsShots)
            throw new TransferException($"'{Name}' adapts back without labels of the source; '{trial.Method.Name}' needs some. Choose another scorer.");
        var predicted = trial.Model.Labels(target);
        // One class for all images cannot be adapted back: as bad as a model can be.
        if (predicted.Distinct().Count() < 2)
            return 0;
        var back = new AdaptationProblem(new LabeledFeatures(target, predicted, source.Classes), source.WithoutLabels());
        var labels = trial.Method.Adapt(back, trial.Settings, cancellation).Labels(source.Features);
        return labels.Zip(source.Labels).Count(pair => pair.First == pair.Second) / (double)labels.Length;
    }
}
