using MLNetTransfer.Domains;
using MLNetTransfer.Images;
using MLNetTransfer.Torch.Adaptation.Methods;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>What importance-weighted validation and deep embedded validation share: errors on a held-out fifth of the source and its weights.</summary>
/// <remarks>The held-out images are read as the target's are, by the target's map: a method that moves the source alone is judged on images that did not move.</remarks>
internal static class WeightedValidation
{
    /// <summary>The mean ratio of densities over the source is 1 where both densities cover the same; far below it the errors weigh nothing, and any order of them is chance.</summary>
    private const double LeastMean = .1;

    /// <summary>0 or 1 for every held-out image, and its ratio of densities by a domain classifier.</summary>
    /// <exception cref="TransferException">A class of the source has a single image, or the domains hardly overlap.</exception>
    public static (double[] Errors, double[] Weights) HeldOut(AdaptationTrial trial, CancellationToken cancellation)
    {
        var problem = trial.Problem;
        var isHeldOut = StratifiedSplit.HeldOut(problem.Source.Labels, [.. Enumerable.Range(0, problem.Source.Labels.Count)], .2, trial.Settings.Seed, problem.Source.Classes);
        LabeledFeatures Part(bool isTest) => problem.Source.Select([.. Enumerable.Range(0, isHeldOut.Length).Where(row => isHeldOut[row] == isTest)]);
        var (train, test) = (Part(isTest: false), Part(isTest: true));
        var standard = new Standardisation(problem.Source.Features);
        var scaled = new AdaptationProblem(standard.Apply(problem.Source), new UnlabeledFeatures(standard.Apply(problem.Target.Features)));
        var weights = new DomainClassifier().Weights(scaled, trial.Settings.Seed, cancellation);
        if (weights.Average() is var mean and < LeastMean)
            throw new TransferException(FormattableString.Invariant($"Weights of source images have a mean near 1, of {LeastMean} or more; received {mean:G2}: source and target hardly overlap, ")
                + "and errors on source images say nothing about the target. Choose another scorer.");
        var labels = trial.Method.Adapt(new AdaptationProblem(train, problem.Target, problem.Shots), trial.Settings, cancellation).Labels(test.Features);
        return ([.. labels.Zip(test.Labels, (predicted, actual) => predicted == actual ? 0d : 1)], [.. weights.Where((_, row) => isHeldOut[row])]);
    }
}
