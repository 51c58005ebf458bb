using System.Numerics.Tensors;

namespace MLNetTransfer.Diagnosis;

/// <summary>
/// The two-sample test of A. Gretton, K. Borgwardt, M. Rasch, B. Schoelkopf and A. Smola, "A kernel two-sample test" (JMLR 2012): the unbiased estimate of
/// the squared maximum mean discrepancy (lemma 6) under k(x, y) = exp(-|x - y|^2 / (2 s^2)), s the median distance of two images of either domain, and its
/// p-value by permutation of the domains.
/// </summary>
internal sealed record MaximumMeanDiscrepancy(double Squared, double PValue, double Bandwidth)
{
    /// <summary>Tests the first images of a Gram matrix, the source, against the others.</summary>
    public static MaximumMeanDiscrepancy Test(Gram gram, int sources, int permutations, RandomStream random)
    {
        int[] all = [.. Enumerable.Range(0, gram.Rows)];
        var (kernel, bandwidth) = Kernel(gram, all);
        return Test(kernel, sources, permutations, random) with { Bandwidth = bandwidth };
    }

    /// <summary>The test for a kernel, images x images.</summary>
    public static MaximumMeanDiscrepancy Test(double[] kernel, int sources, int permutations, RandomStream random)
    {
        var count = (int)Math.Sqrt(kernel.Length);
        var targets = count - sources;
        // The smaller domain is summed: its sum, those of its rows and the total determine the other two.
        var (smaller, isSource) = sources < targets ? (sources, true) : (targets, false);
        var rowSums = new double[count];
        for (var i = 0; i < count; i++)
            rowSums[i] = TensorPrimitives.Sum<double>(kernel.AsSpan(i * count, count)) - kernel[(i * count) + i];
        var total = TensorPrimitives.Sum<double>(rowSums);

        int[] order = [.. Enumerable.Range(0, count)];
        var observed = Statistic(isSource ? order[..sources] : order[sources..]);
        var exceeding = 0;
        Parallel.For(0, permutations, () => (int[])order.Clone(), (permutation, _, mine) =>
        {
            order.CopyTo(mine, 0);
            random.At(permutation).Shuffle<int>(mine);
            if (Statistic(mine.AsSpan(0, smaller)) >= observed - 1e-12)
                Interlocked.Increment(ref exceeding);
            return mine;
        }, _ => { });
        return new MaximumMeanDiscrepancy(observed, (1.0 + exceeding) / (1 + permutations), 0);

        double Statistic(ReadOnlySpan<int> chosen)
        {
            var (inside, rows) = (0d, 0d);
            for (var i = 0; i < chosen.Length; i++)
            {
                var row = kernel.AsSpan(chosen[i] * count, count);
                rows += rowSums[chosen[i]];
                for (var j = 0; j < i; j++)
                    inside += row[chosen[j]];
            }
            inside *= 2;
            var across = rows - inside;
            var outside = total - inside - (2 * across);
            double a = chosen.Length, b = count - chosen.Length;
            return (inside / (a * (a - 1))) + (outside / (b * (b - 1))) - (2 * across / (a * b));
        }
    }

    /// <summary>The kernel of some images, and the median distance it was scaled by.</summary>
    public static (double[] Kernel, double Bandwidth) Kernel(Gram gram, IReadOnlyList<int> rows)
    {
        var count = rows.Count;
        var distances = new double[count * (count - 1) / 2];
        var next = 0;
        for (var i = 0; i < count; i++)
            for (var j = 0; j < i; j++)
                distances[next++] = gram.SquaredDistance(rows[i], rows[j]);
        var sorted = (double[])distances.Clone();
        Array.Sort(sorted);
        // Where more than half of the images are alike, the median of those that are not.
        var squared = sorted[(sorted.Length - 1) / 2] is var middle && middle > 1e-12 ? (middle + sorted[sorted.Length / 2]) / 2
            : sorted.Where(distance => distance > 1e-12).DefaultIfEmpty(1).ToArray() is var rest ? rest[rest.Length / 2] : 1;
        var kernel = new double[count * count];
        next = 0;
        for (var i = 0; i < count; i++)
        {
            kernel[(i * count) + i] = 1;
            for (var j = 0; j < i; j++)
                kernel[(i * count) + j] = kernel[(j * count) + i] = Math.Exp(-distances[next++] / (2 * squared));
        }
        return (kernel, Math.Sqrt(squared));
    }
}
