namespace MLNetTransfer.Benchmarks.Transferability;

/// <summary>How much the two tasks that the formulas are split into have in common.</summary>
internal enum Similarity
{
    /// <summary>Formulas are dealt out at random: every family is on both sides.</summary>
    Similar,

    /// <summary>Whole families: those that fill the plane against those that draw objects on it.</summary>
    Dissimilar,
}
