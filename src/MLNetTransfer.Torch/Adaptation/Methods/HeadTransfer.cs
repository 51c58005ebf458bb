namespace MLNetTransfer.Torch.Adaptation.Methods;

/// <summary>
/// Transfer of the head by biased regularisation (Tommasi, Orabona and Caputo, "Safety in Numbers: Learning Categories from Few Examples with Multi Model
/// Knowledge Transfer", CVPR 2010, with logistic loss and one prior; also Evgeniou and Pontil 2004): a head is trained on the few target labels and drawn to
/// the source's, loss + lambda / 2 |W - W_S|^2, biases too. Lambda is chosen by cross-validation on the few labels where every class has two. Needs a few
/// labels of the target. It fails where the source's head is worse than none; without a choice of lambda it trusts it too much.
/// </summary>
public sealed class HeadTransfer : AdaptationMethod
{
    /// <inheritdoc/>
    public override string Name => "head-transfer";

    /// <inheritdoc/>
    public override string Summary => "trains a head on the few target labels, drawn to that of the source";

    /// <inheritdoc/>
    public override string Reference => "Tommasi, Orabona and Caputo, Safety in Numbers: Learning Categories from Few Examples, CVPR 2010";

    /// <inheritdoc/>
    public override bool NeedsShots => true;

    /// <inheritdoc/>
    protected override AdaptedModel AdaptCore(AdaptationProblem problem, AdaptationSettings settings, CancellationToken cancellation)
    {
        var trainer = new LogisticTrainer();
        var head = LogisticTrainer.Fit(problem.Source, null, trainer.Choose(problem.Source, null, null, settings.Seed, cancellation), null);
        var strength = trainer.Choose(problem.Shots!, null, head, settings.Seed, cancellation);
        return new AdaptedModel(FeatureMap.Identity(problem.Source.Features.Columns), LogisticTrainer.Fit(problem.Shots!, null, strength, head));
    }
}
