namespace MLNetTransfer.Diagnosis;

/// <summary>Whether the same image would be labelled otherwise in the target: heads compared on the labelled images of the target. Immutable.</summary>
/// <remarks>
/// If p(y|x) is the same, one head learnt from both domains decides target images at least as well as one learnt from the target alone, as it has more images.
/// If it is not, the source misleads it. No test can tell p(y|x) apart from p(x) without such an assumption (R. Shah and J. Peters, "The hardness of
/// conditional independence testing", Annals of Statistics 2020): here, that a linear head on the features can answer the question in both domains.
/// </remarks>
public sealed class ConditionalShiftEvidence
{
    internal ConditionalShiftEvidence(
        int images, double sourceOnSource, double sourceHead, double targetHead, double pooledHead, int onlyTarget, int onlyPooled, double dropPValue)
    {
        (Images, SourceOnSource, SourceHead, TargetHead, PooledHead) = (images, sourceOnSource, sourceHead, targetHead, pooledHead);
        (PValue, DropPValue) = (SignTest(onlyTarget, onlyTarget + onlyPooled), dropPValue);
    }

    /// <summary>The labelled images of the target, of classes the source has.</summary>
    public int Images { get; }

    /// <summary>The cross-validated accuracy, on the source, of a head learnt from the source, 0 to 1.</summary>
    public double SourceOnSource { get; }

    /// <summary>The accuracy of that head on the labelled images of the target.</summary>
    public double SourceHead { get; }

    /// <summary>The cross-validated accuracy of a head learnt from the target.</summary>
    public double TargetHead { get; }

    /// <summary>The cross-validated accuracy of one head learnt from the source and the target.</summary>
    public double PooledHead { get; }

    /// <summary>The p-value that the head of the target is no better than the one of both: the exact sign test on images that only one of them decides right.</summary>
    public double PValue { get; }

    /// <summary>
    /// The p-value that the head of the source is right as often on the target as on the source, class by class: hits permuted between the domains within
    /// each class, so that other proportions are no difference. It speaks of the question only where the images do not differ; where they do, a drop is to be expected.
    /// </summary>
    public double DropPValue { get; }

    /// <summary>How probable it is that a fair coin shows heads this often or oftener.</summary>
    internal static double SignTest(int heads, int tosses)
    {
        // From the least probable on, so that nothing is lost in rounding.
        var (logProbability, sum) = (-tosses * Math.Log(2), 0d);
        for (var k = tosses; k >= heads; k--)
        {
            sum += Math.Exp(logProbability);
            logProbability += Math.Log((double)k / (tosses - k + 1));
        }
        return Math.Min(1, sum);
    }
}
