using System.Numerics.Tensors;

namespace MLNetTransfer.Diagnosis;

/// <summary>
/// By how many deviations features differ: J. Cohen's d ("Statistical power analysis for the behavioral sciences", 1988), the difference of the means over the
/// pooled deviation. With few images many features differ by chance: how many is counted on permuted domains.
/// </summary>
/// <param name="Features">The number of features.</param>
/// <param name="Strong">How many have |d| of <see cref="Medium"/> or more.</param>
/// <param name="StrongByChance">The same with the domains permuted, mean over permutations.</param>
/// <param name="Largest">The largest |d|.</param>
internal sealed record EffectSizes(int Features, int Strong, double StrongByChance, double Largest)
{
    /// <summary>Cohen's "medium" effect: visible to the naked eye.</summary>
    public const double Medium = .5;

    private const int Permutations = 20;

    public static EffectSizes Of(Gram gram, int sources, RandomStream random)
    {
        bool[] isTarget = [.. Enumerable.Range(0, gram.Rows).Select(row => row >= sources)];
        var effects = Effects(gram, isTarget);
        var byChance = 0;
        for (var i = 0; i < Permutations; i++)
        {
            var permuted = (bool[])isTarget.Clone();
            random.At(i).Shuffle<bool>(permuted);
            byChance += Effects(gram, permuted).Count(effect => effect >= Medium);
        }
        return new EffectSizes(gram.Columns, effects.Count(effect => effect >= Medium), (double)byChance / Permutations, effects.Max());
    }

    /// <summary>|d| of every feature; of one that is constant within both domains, but differs between them, some thousands.</summary>
    private static double[] Effects(Gram gram, bool[] isTarget)
    {
        var columns = gram.Columns;
        double[] sums = new double[columns], targetSums = new double[columns];
        var targets = isTarget.Count(target => target);
        var sources = isTarget.Length - targets;
        for (var i = 0; i < isTarget.Length; i++)
        {
            var row = gram.Standardised.AsSpan(i * columns, columns);
            TensorPrimitives.Add(sums, row, sums);
            if (isTarget[i])
                TensorPrimitives.Add(targetSums, row, targetSums);
        }
        var effects = new double[columns];
        for (var j = 0; j < columns; j++)
        {
            double mean = (sums[j] - targetSums[j]) / sources, targetMean = targetSums[j] / targets, difference = targetMean - mean;
            // Standardised features have a mean square of 1 over both domains: what the means do not explain is the variance within.
            var within = Math.Max(1e-6, isTarget.Length - (sources * mean * mean) - (targets * targetMean * targetMean)) / Math.Max(1, isTarget.Length - 2);
            effects[j] = difference == 0 ? 0 : Math.Abs(difference) / Math.Sqrt(within);
        }
        return effects;
    }
}
