using MLNetTransfer.Evaluation;

namespace MLNetTransfer.Tests.Evaluation;

/// <summary>
/// Seeded examples that another language draws alike: a linear congruential generator, and probabilities in 256ths, which a float holds exactly.
/// The figures expected of them were computed with scikit-learn 1.2.1 and NumPy 1.24.2 by:
/// <code>
/// import numpy as np, sklearn.metrics as m
/// def stream(seed):
///     x = seed
///     while True:
///         x = (x * 1103515245 + 12345) % 2**31
///         yield x &gt;&gt; 16
/// def binary():                                                   # positive class = 1
///     s = stream(1); y = []; p = []
///     for _ in range(200):
///         k = next(s) % 255 + 1
///         y.append(int(next(s) % 256 &lt; k)); p.append(k / 256)
///     return np.array(y), np.array(p)
/// def three():
///     s = stream(2); y = []; p = []
///     for _ in range(200):
///         a = next(s) % 100 + 1; b = next(s) % 100 + 1
///         row = [a / 256, b / 256, (256 - a - b) / 256]
///         p.append(row); y.append(int(np.searchsorted(np.cumsum(row), next(s) % 256 / 256, side='right')))
///     return np.array(y), np.array(p)
/// def ece(confidence, ok):
///     b = np.digitize(confidence, np.linspace(0, 1, 16), right=True)
///     return sum((b == i).sum() * abs(ok[b == i].mean() - confidence[b == i].mean()) for i in set(b)) / len(b)
/// y, p = binary(); d = (p &gt;= t).astype(int)                       # t = .5, .35
/// m.accuracy_score(y, d), m.roc_auc_score(y, p), m.f1_score(y, d), m.precision_score(y, d), m.recall_score(y, d), m.log_loss(y, p),
/// m.brier_score_loss(y, p), ece(np.where(d == 1, p, 1 - p), d == y), m.confusion_matrix(y, d)
/// f, r, _ = m.roc_curve(y, p, drop_intermediate=False)
/// turn = np.r_[True, (np.abs(np.diff(f, 2)) &gt; 1e-12) | (np.abs(np.diff(r, 2)) &gt; 1e-12), True]
/// turn.sum(), f[turn].sum(), r[turn].sum()
/// y, p = three(); d = p.argmax(1)
/// m.roc_auc_score(y, p, multi_class='ovr', average='macro'), m.f1_score(y, d, average='macro'), ...
/// ((p - np.eye(3)[y])**2).sum(1).mean(), ece(p.max(1), d == y)
/// </code>
/// </summary>
internal static class Examples
{
    public static EvaluationResult Binary(double threshold = .5)
    {
        var draws = Draws(1).GetEnumerator();
        var actual = new int[200];
        var probabilities = new float[400];
        for (var i = 0; i < actual.Length; i++)
        {
            var k = Next(draws) % 255 + 1;
            actual[i] = Next(draws) % 256 < k ? 1 : 0;
            probabilities[2 * i] = (256 - k) / 256f;
            probabilities[2 * i + 1] = k / 256f;
        }
        return Evaluator.Evaluate(["intact", "cracked"], "cracked", actual, new(200, 2, probabilities), threshold);
    }

    public static EvaluationResult Three()
    {
        var draws = Draws(2).GetEnumerator();
        var actual = new int[200];
        var probabilities = new float[600];
        for (var i = 0; i < actual.Length; i++)
        {
            var (a, b) = (Next(draws) % 100 + 1, Next(draws) % 100 + 1);
            var draw = Next(draws) % 256;
            actual[i] = draw < a ? 0 : draw < a + b ? 1 : 2;
            (probabilities[3 * i], probabilities[3 * i + 1], probabilities[3 * i + 2]) = (a / 256f, b / 256f, (256 - a - b) / 256f);
        }
        return Evaluator.Evaluate(["ant", "bee", "wasp"], null, actual, new(200, 3, probabilities));
    }

    /// <summary>A binary evaluation from the positive probability of each image; classes "no" (0) and "yes" (1, positive).</summary>
    public static EvaluationResult Binary(int[] actual, float[] positive, double threshold = .5) =>
        Evaluator.Evaluate(["no", "yes"], "yes", actual, new(actual.Length, 2, [.. positive.SelectMany(p => new[] { 1 - p, p })]), threshold);

    private static int Next(IEnumerator<int> draws) => draws.MoveNext() ? draws.Current : throw new InvalidOperationException();

    private static IEnumerable<int> Draws(long state)
    {
        while (true)
        {
            state = (state * 1103515245 + 12345) % (1L << 31);
            yield return (int)(state >> 16);
        }
    }
}
