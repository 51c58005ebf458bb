using System.Numerics.Tensors;

namespace MLNetTransfer.Torch.Adaptation.Scorers;

/// <summary>
/// EnsV (Hu, Luo, Liang and Foo, "Towards Reliable Model Selection for Unsupervised Domain Adaptation: An Empirical Study and A Certified Baseline", NeurIPS
/// 2024): the share of target images for which the model names the class that the mean of all models' probabilities names. Where most models err alike it follows
/// them; the worst of them it seldom takes.
/// </summary>
public sealed class EnsembleAgreement : AdaptationScorer
{
    /// <inheritdoc/>
    public override string Name => "ensemble";

    /// <inheritdoc/>
    public override string Summary => "agreement with the mean prediction of all models tried";

    /// <inheritdoc/>
    public override string Reference => "Hu, Luo, Liang and Foo, Towards Reliable Model Selection for Unsupervised Domain Adaptation, NeurIPS 2024";

    internal override bool IsComparison => true;

    /// <inheritdoc/>
    protected override double ScoreCore(AdaptationTrial trial, IReadOnlyList<AdaptationTrial> all, CancellationToken cancellation) =>
        Compare(trial.Probabilities, [.. all.Select(other => other.Probabilities)]);

    internal override double Compare(FeatureMatrix probabilities, IReadOnlyList<FeatureMatrix> all)
    {
        var sums = new float[probabilities.Columns];
        return Enumerable.Range(0, probabilities.Rows).Average(row =>
        {
            sums.AsSpan().Clear();
            foreach (var other in all)
                TensorPrimitives.Add(sums, other.Row(row), sums);
            return TensorPrimitives.IndexOfMax(probabilities.Row(row)) == TensorPrimitives.IndexOfMax<float>(sums) ? 1d : 0;
        });
    }
}
