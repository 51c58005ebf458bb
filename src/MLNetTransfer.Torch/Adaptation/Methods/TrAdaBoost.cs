using System.Numerics.Tensors;
using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Adaptation.Methods;

/// <summary>
/// TrAdaBoost (Dai, Yang, Xue and Yu, "Boosting for Transfer Learning", ICML 2007): in rounds, source images that the classifier gets wrong lose weight,
/// labelled target images that it gets wrong gain weight (algorithm 1); the later half of the rounds decides. The learner is always logistic regression, and
/// the mean of the rounds' scores, with the paper's weights log(1 / beta), takes the place of votes, so that the model stays one linear layer; errors of
/// more than two classes count as in the paper. Needs a few labels of the target. It fails where these are so few that the first round fits them all: only
/// the source's weights are then left to move.
/// </summary>
public sealed class TrAdaBoost : AdaptationMethod
{
    /// <summary>The number of rounds, 1 or more. Default: 10.</summary>
    public int Rounds { get; init; } = 10;

    /// <inheritdoc/>
    public override string Name => "tradaboost";

    /// <inheritdoc/>
    public override string Summary => "drops source images that contradict the few target labels, by boosting";

    /// <inheritdoc/>
    public override string Reference => "Dai, Yang, Xue and Yu, Boosting for Transfer Learning, ICML 2007";

    /// <inheritdoc/>
    public override bool NeedsShots => true;

    /// <inheritdoc/>
    protected override IEnumerable<string> Faults => OutOfRange(Rounds, 1);

    /// <inheritdoc/>
    protected override AdaptedModel AdaptCore(AdaptationProblem problem, AdaptationSettings settings, CancellationToken cancellation)
    {
        var training = Rows.Joined(problem.Source, problem.Shots!);
        var (sources, all) = (problem.Source.Labels.Count, training.Labels.Count);
        var weights = Enumerable.Repeat(1.0 / all, all).ToArray();
        var shrink = 1 / (1 + Math.Sqrt(2 * Math.Log(sources) / Rounds));
        var l2 = new LogisticTrainer().Choose(training, null, null, settings.Seed, cancellation);
        var (sum, biases) = (new Matrix(training.Features.Columns, training.Classes.Count), new double[training.Classes.Count]);
        var votes = 0d;
        LinearClassifier? last = null;
        for (var round = 1; round <= Rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            last = LogisticTrainer.Fit(training, weights, l2, null, last);
            var labels = last.Labels(training.Features);
            bool IsWrong(int row) => labels[row] != training.Labels[row];
            var error = Enumerable.Range(sources, all - sources).Where(IsWrong).Sum(row => weights[row]) / weights.Skip(sources).Sum();
            // Without an error the weights would be infinite, from a half on negative.
            var bounded = Math.Clamp(error, .001, .499);
            var beta = bounded / (1 - bounded);
            if (round > Rounds / 2)
            {
                var vote = -Math.Log(beta);
                votes += vote;
                sum = sum.Plus(last.Weights, vote);
                TensorPrimitives.MultiplyAdd([.. last.Biases], vote, biases, biases);
            }
            for (var row = 0; row < all; row++)
                if (IsWrong(row))
                    weights[row] *= row < sources ? shrink : 1 / beta;
        }
        TensorPrimitives.Divide(biases, votes, biases);
        return new AdaptedModel(FeatureMap.Identity(sum.Rows), new LinearClassifier(sum.Scaled(1 / votes), biases));
    }
}
