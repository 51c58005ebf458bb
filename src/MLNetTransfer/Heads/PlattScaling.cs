namespace MLNetTransfer.Heads;

/// <summary>
/// The calibration p = sigmoid(Slope x score + Offset) of J. Platt, Probabilistic outputs for support vector machines, 1999,
/// fitted by Newton's method with his smoothed targets as in H.-T. Lin, C.-J. Lin, R. Weng, A note on Platt's probabilistic
/// outputs, Machine Learning 68, 2007.
/// </summary>
internal sealed record PlattScaling(double Slope, double Offset)
{
    public static PlattScaling Identity { get; } = new(1, 0);

    public double Probability(double score) => LinearModel.Sigmoid(Slope * score + Offset);

    /// <summary>
    /// The calibration when it helps, else <see cref="Identity"/>: it must lower the log-loss of scores it was not fitted on (each fold
    /// judged by a calibration fitted on the other folds) and keep the order of the scores.
    /// </summary>
    public static PlattScaling WhenItHelps(double[] scores, int[] labels, int[] folds)
    {
        double plain = 0, calibrated = 0;
        for (var fold = 0; fold <= folds.Max(); fold++)
        {
            var train = Enumerable.Range(0, scores.Length).Where(i => folds[i] != fold).ToArray();
            var fitted = Fit([.. train.Select(i => scores[i])], [.. train.Select(i => labels[i])]);
            for (var i = 0; i < scores.Length; i++)
            {
                if (folds[i] != fold)
                    continue;
                plain += LinearModel.Loss([scores[i]], labels[i]);
                calibrated += LinearModel.Loss([fitted.Slope * scores[i] + fitted.Offset], labels[i]);
            }
        }
        if (calibrated >= plain)
            return Identity;
        var all = Fit(scores, labels);
        return all.Slope > 0 ? all : Identity;
    }

    public static PlattScaling Fit(double[] scores, int[] labels)
    {
        var positives = labels.Count(label => label == 1);
        var negatives = labels.Length - positives;
        double high = (positives + 1d) / (positives + 2), low = 1d / (negatives + 2);
        double slope = 0, offset = Math.Log((positives + 1d) / (negatives + 1));
        var loss = Loss(slope, offset);
        for (var iteration = 0; iteration < 100; iteration++)
        {
            // The ridge of 1e-12 keeps the 2 x 2 Hessian invertible when all scores are equal.
            double hss = 1e-12, hso = 0, hoo = 1e-12, gs = 0, go = 0;
            for (var i = 0; i < scores.Length; i++)
            {
                var p = LinearModel.Sigmoid(slope * scores[i] + offset);
                var curvature = p * (1 - p);
                var residual = p - (labels[i] == 1 ? high : low);
                hss += curvature * scores[i] * scores[i];
                hso += curvature * scores[i];
                hoo += curvature;
                gs += residual * scores[i];
                go += residual;
            }
            if (Math.Abs(gs) + Math.Abs(go) < 1e-10 * scores.Length)
                break;
            var determinant = hss * hoo - hso * hso;
            double ds = -(hoo * gs - hso * go) / determinant, d0 = -(hss * go - hso * gs) / determinant;
            var descent = gs * ds + go * d0;
            var step = 1d;
            while (step > 1e-10 && Loss(slope + step * ds, offset + step * d0) > loss + 1e-4 * step * descent)
                step /= 2;
            if (step <= 1e-10)
                break;
            slope += step * ds;
            offset += step * d0;
            var before = loss;
            loss = Loss(slope, offset);
            if (!(loss < before))
                break; // what is left to gain is below the rounding of the loss
        }
        return new PlattScaling(slope, offset);

        double Loss(double a, double b)
        {
            var sum = 0d;
            for (var i = 0; i < scores.Length; i++)
            {
                var target = labels[i] == 1 ? high : low;
                var score = a * scores[i] + b;
                sum += target * LinearModel.Softplus(-score) + (1 - target) * LinearModel.Softplus(score);
            }
            return sum;
        }
    }
}
