using MLNetTransfer.Heads;

namespace MLNetTransfer.Torch.Adaptation.Scorers;

/// <summary>
/// MaNo (Xie, Odonnat, Feofanov, Deng, Zhang and An, "MaNo: Exploiting Matrix Norm for Unsupervised Accuracy Estimation Under Distribution Shifts", NeurIPS
/// 2024): the entrywise 4-norm of the normalised scores of all target images, (mean q^4)^(1/4). Scores are normalised by softmax where the model is sure
/// (mean Kullback-Leibler divergence of the uniform distribution from the prediction above 5), else by the second-order Taylor polynomial of the exponential.
/// Reads the scores of a linear classifier. It prefers what is sure, as the entropy does.
/// </summary>
public sealed class MatrixNorm : AdaptationScorer
{
    private const double SureFrom = 5;

    /// <inheritdoc/>
    public override string Name => "mano";

    /// <inheritdoc/>
    public override string Summary => "the norm of the target's normalised scores";

    /// <inheritdoc/>
    public override string Reference =>
        "Xie, Odonnat, Feofanov, Deng, Zhang and An, MaNo: Exploiting Matrix Norm for Unsupervised Accuracy Estimation, NeurIPS 2024";

    /// <inheritdoc/>
    protected override double ScoreCore(AdaptationTrial trial, IReadOnlyList<AdaptationTrial> all, CancellationToken cancellation)
    {
        if (trial.Model.Classifier is not LinearClassifier classifier)
            throw new TransferException($"'{Name}' reads the scores of a linear classifier; received {trial.Settings.Classifier.Name}. Choose logistic regression, or another scorer.");
        var scores = classifier.Scores(trial.Model.Map.Apply(trial.Problem.Target.Features));
        var divergence = 0d;
        for (var row = 0; row < scores.Rows; row++)
            for (var k = 0; k < scores.Columns; k++)
                divergence += (LinearModel.Loss(scores.Row(row), k) - Math.Log(scores.Columns)) / scores.Values.Length;
        var sum = 0d;
        for (var row = 0; row < scores.Rows; row++)
        {
            double[] q = [.. scores.Row(row)];
            if (divergence > SureFrom)
                LinearModel.SoftMax(q);
            else
                q = Taylor(q);
            sum += q.Sum(value => value * value * value * value);
        }
        return Math.Pow(sum / scores.Values.Length, .25);
    }

    private static double[] Taylor(double[] scores)
    {
        double[] values = [.. scores.Select(score => 1 + score + (score * score / 2))];
        var total = values.Sum();
        return [.. values.Select(value => value / total)];
    }
}
