namespace MLNetTransfer.Torch.FineTuning;

/// <summary>How the learning rate changes: it rises in a line from 0, then falls along half a cosine to 0 (Loshchilov and Hutter, "SGDR", ICLR 2017).</summary>
internal static class LearningRates
{
    /// <summary>The share of the peak at the middle of a step.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="steps">All steps.</param>
    /// <param name="warmUp">The share of the steps over which it rises.</param>
    public static double ShareAt(long step, long steps, double warmUp)
    {
        var (at, rise) = (step + 0.5, warmUp * steps);
        return at < rise ? at / rise : (1 + Math.Cos(Math.PI * (at - rise) / (steps - rise))) / 2;
    }
}
