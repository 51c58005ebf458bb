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

    /// <inheritdoc/>
    protected override double ScoreCore(AdaptationTrial trial, IReadOnlyList<AdaptationTrial> all, CancellationToken cancellation)
    {
        var own = trial.Probabilities;
        var sums = new float[own.Rows * own.Columns];
        foreach (var other in all)
            for (var row = 0; row < own.Rows; row++)
                TensorPrimitives.Add(sums.AsSpan(row * own.Columns, own.Columns), other.Probabilities.Row(row), sums.AsSpan(row * own.Columns, own.Columns));
        return Enumerable.Range(0, own.Rows).Average(row =>
            TensorPrimitives.IndexOfMax(own.Row(row)) == TensorPrimitives.IndexOfMax(sums.AsSpan(row * own.Columns, own.Columns)) ? 1d : 0);
    }
}
