using MLNetTransfer.Evaluation;

namespace MLNetTransfer.Diagnosis;

/// <summary>Whether the features of the images are distributed alike. Immutable.</summary>
public sealed class MarginalShiftEvidence
{
    internal MarginalShiftEvidence(MaximumMeanDiscrepancy discrepancy, DomainClassifier classifier, EffectSizes effects)
    {
        (Discrepancy, DiscrepancyPValue, Bandwidth) = (discrepancy.Squared, discrepancy.PValue, discrepancy.Bandwidth);
        (Auc, ClassifierError, ClassifierErrorInterval, ClassifierPValue) = (classifier.Auc, classifier.Error, classifier.ErrorInterval, classifier.PValue);
        (Features, StrongFeatures, StrongFeaturesByChance, LargestEffect) = (effects.Features, effects.Strong, effects.StrongByChance, effects.Largest);
    }

    /// <summary>The unbiased estimate of the squared maximum mean discrepancy; about 0 (also below it) for equal distributions.</summary>
    public double Discrepancy { get; }

    /// <summary>Its p-value, by permutation.</summary>
    public double DiscrepancyPValue { get; }

    /// <summary>The deviation of the kernel: the median distance of two images, as root mean square over standardised features.</summary>
    public double Bandwidth { get; }

    /// <summary>The cross-validated area under the curve of a linear classifier that tells target from source; .5 is guessing.</summary>
    public double Auc { get; }

    /// <summary>Its p-value, by permutation.</summary>
    public double ClassifierPValue { get; }

    /// <summary>The cross-validated error of that classifier, both domains weighing the same; .5 is guessing.</summary>
    public double ClassifierError { get; }

    /// <summary>The 95 % interval of the error, an error above guessing taken as guessing.</summary>
    public Interval ClassifierErrorInterval { get; }

    /// <summary>The proxy A-distance 2 (1 - 2 error): 0, nothing tells the domains apart, to 2, every image is told apart.</summary>
    public double ADistance => DomainClassifier.DistanceOf(ClassifierError);

    /// <summary>The largest proxy A-distance that the interval of the error allows.</summary>
    public double LargestADistance => DomainClassifier.DistanceOf(ClassifierErrorInterval.Low);

    /// <summary>The number of features that vary.</summary>
    public int Features { get; }

    /// <summary>How many of them differ by half a deviation or more (Cohen's d).</summary>
    public int StrongFeatures { get; }

    /// <summary>How many would by chance: the mean over permutations of the domains.</summary>
    public double StrongFeaturesByChance { get; }

    /// <summary>The largest |d| of a feature.</summary>
    public double LargestEffect { get; }
}
