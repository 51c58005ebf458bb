using MLNetTransfer.Evaluation;

namespace MLNetTransfer.Diagnosis;

/// <summary>
/// How well a linear classifier tells source from target: regularised least squares, cross-validated with copies of a picture in one fold. The
/// proxy A-distance is 2 (1 - 2 error), 0 where nothing tells the domains apart and 2 where all images are told apart (S. Ben-David, J. Blitzer, K. Crammer and
/// F. Pereira, "Analysis of representations for domain adaptation", NIPS 2006). The p-value permutes the domains and fits every fold anew (D. Lopez-Paz and
/// M. Oquab, "Revisiting classifier two-sample tests", ICLR 2017, with all images used for both learning and testing).
/// </summary>
/// <param name="Auc">The area under the curve of the out-of-fold scores; .5 is guessing.</param>
/// <param name="Error">The mean of the two domains' shares of errors, as many images called target as there are.</param>
/// <param name="ErrorInterval">The 95 % interval of the error, an error above guessing taken as guessing.</param>
/// <param name="PValue">Of the area under the curve.</param>
/// <param name="Scores">The out-of-fold score of every image; higher is more like the target.</param>
internal sealed record DomainClassifier(double Auc, double Error, Interval ErrorInterval, double PValue, IReadOnlyList<double> Scores)
{
    /// <summary>
    /// The strength of regularisation, for products whose mean is 1 an image. It is fixed, as a choice by the data would have to be made anew in every
    /// permutation.
    /// </summary>
    public const double Lambda = 3;

    /// <summary>The proxy A-distance, 0 to 2.</summary>
    public double ADistance => DistanceOf(Error);

    /// <summary>The proxy A-distance of an error: 0 where a classifier does worse than guessing.</summary>
    public static double DistanceOf(double error) => Math.Max(0, 2 * (1 - (2 * error)));

    /// <summary>Tests the first images of a Gram matrix, the source, against the others.</summary>
    /// <param name="gram">The products of all images.</param>
    /// <param name="sources">How many of them are of the source.</param>
    /// <param name="groups">The group of every image: copies of one picture share one.</param>
    /// <param name="permutations">How many permutations give the p-value.</param>
    /// <param name="random">Settles folds and permutations.</param>
    public static DomainClassifier Test(Gram gram, int sources, IReadOnlyList<int> groups, int permutations, RandomStream random)
    {
        var count = gram.Rows;
        var targets = count - sources;
        var penalties = new double[count];
        Array.Fill(penalties, Lambda);
        // The folds know nothing of the domains: else they would not be those of the permutations.
        var folds = new RidgeFolds(gram.LinearKernel([.. Enumerable.Range(0, count)]), penalties, CrossFolds.Deal(groups, null, random.At(-1)));
        bool[] isTarget = [.. Enumerable.Range(0, count).Select(row => row >= sources)];

        var scores = new double[count];
        Score(isTarget, scores);
        var auc = AucOf(scores, isTarget);
        var exceeding = 0;
        Parallel.For(0, permutations, permutation =>
        {
            var (mine, permuted) = ((bool[])isTarget.Clone(), new double[count]);
            random.At(permutation).Shuffle<bool>(mine);
            Score(mine, permuted);
            if (AucOf(permuted, mine) >= auc - 1e-12)
                Interlocked.Increment(ref exceeding);
        });
        var error = ErrorOf(scores, sources);
        // As many trials as give a mean of two shares of errors, one of each domain, its variance.
        var trials = Math.Max(1, (int)Math.Round(4.0 * sources * targets / count));
        // Where nothing tells the domains apart, cross-validation errs a little more often than guessing: that is no sign of their being all the more alike.
        return new DomainClassifier(auc, error, Interval.Wilson((int)Math.Round(Math.Min(error, .5) * trials), trials), (1.0 + exceeding) / (1 + permutations), scores);

        void Score(bool[] domains, double[] predicted)
        {
            var coded = new double[count];
            for (var i = 0; i < count; i++)
                coded[i] = domains[i] ? (double)count / (2 * targets) : -(double)count / (2 * sources);
            folds.Predict(coded, predicted);
            WithoutRounding(predicted);
        }
    }

    /// <summary>
    /// Drops the digits that are rounding, of scores whose targets are about 1 apart: copies of one picture have one score, but the sums behind it
    /// may differ in their last bits, by the kind of processor. Ranked as they are, such ties would make any area under the curve.
    /// </summary>
    private static void WithoutRounding(double[] scores)
    {
        for (var i = 0; i < scores.Length; i++)
            scores[i] = Math.Round(scores[i], 9);
    }

    /// <summary>How often an image of the target scores above one of the source, ties counted half.</summary>
    private static double AucOf(double[] scores, bool[] isTarget)
    {
        var (sorted, domains) = ((double[])scores.Clone(), (bool[])isTarget.Clone());
        Array.Sort(sorted, domains);
        var (ranks, targets) = (0d, 0L);
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            for (end = start + 1; end < sorted.Length && sorted[end] == sorted[start];)
                end++;
            for (var i = start; i < end; i++)
                if (domains[i])
                {
                    ranks += (start + 1 + end) / 2.0;
                    targets++;
                }
        }
        return (ranks - (targets * (targets + 1) / 2.0)) / (targets * (sorted.Length - targets));
    }

    /// <summary>The balanced error when as many images are called source as there are; equal scores at the boundary count in part.</summary>
    private static double ErrorOf(double[] scores, int sources)
    {
        var boundary = scores.Order().ElementAt(sources - 1);
        var (below, at) = (scores.Count(score => score < boundary), scores.Count(score => score == boundary));
        var share = (double)(sources - below) / at;
        var calledSource = scores.Skip(sources).Sum(score => score < boundary ? 1 : score == boundary ? share : 0);
        return ((calledSource / sources) + (calledSource / (scores.Length - sources))) / 2;
    }
}
