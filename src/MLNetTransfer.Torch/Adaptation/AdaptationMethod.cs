using MLNetTransfer.Domains;
using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>
/// A way to make a classifier for a target from a labelled source. To add one: a sealed class in one file with a constructor without arguments, its
/// hyper-parameters as <c>init</c> properties, and one test file; <see cref="AdaptationCatalog"/> finds it, and with it the console, the experiments
/// and the conformance tests.
/// </summary>
public abstract class AdaptationMethod
{
    /// <summary>What a user types: lower case, words joined by hyphens.</summary>
    public abstract string Name { get; }

    /// <summary>One sentence for a list: what it does.</summary>
    public abstract string Summary { get; }

    /// <summary>Authors, title, where and when; null for what has no paper.</summary>
    public abstract string? Reference { get; }

    /// <summary>Whether it needs a few labelled images of the target.</summary>
    public virtual bool NeedsShots => false;

    /// <summary>The settings of its hyper-parameters worth choosing among, this one first; a scorer chooses without target labels.</summary>
    public virtual IReadOnlyList<AdaptationMethod> Candidates => [this];

    /// <summary>Adapts to a target.</summary>
    /// <param name="problem">Source, target, perhaps a few labels of the target.</param>
    /// <param name="settings">What is the same for all methods; null for the defaults.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="TransferException">The method does not apply to the problem, or failed on it; the message says why.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public AdaptedModel Adapt(AdaptationProblem problem, AdaptationSettings? settings = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        settings ??= new AdaptationSettings();
        if (NeedsShots && problem.Shots is null)
            throw new TransferException($"'{Name}' learns from a few labelled images of the target; received none. Give some (--shots DIR), or choose another method.");
        cancellation.ThrowIfCancellationRequested();
        var (scaled, map) = Scale(problem, settings.Scaling);
        var adapted = AdaptCore(scaled, settings, cancellation);
        var model = new AdaptedModel(map.Then(adapted.Map), adapted.Classifier);
        model.RequireFinite(Name, problem.Target.Features);
        return model;
    }

    /// <summary>Does the work on features of a common scale.</summary>
    protected abstract AdaptedModel AdaptCore(AdaptationProblem problem, AdaptationSettings settings, CancellationToken cancellation);

    private static (AdaptationProblem Problem, FeatureMap TargetMap) Scale(AdaptationProblem problem, FeatureScaling scaling)
    {
        if (scaling == FeatureScaling.None)
            return (problem, FeatureMap.Identity(problem.Target.Features.Columns));
        var source = Standardising(problem.Source.Features);
        var target = scaling == FeatureScaling.Source ? source : Standardising(problem.Target.Features);
        LabeledFeatures Scaled(LabeledFeatures features, FeatureMap map) => new(map.Apply(features.Features), features.Labels, features.Classes);
        return (new AdaptationProblem(Scaled(problem.Source, source), new UnlabeledFeatures(target.Apply(problem.Target.Features)),
            problem.Shots is null ? null : Scaled(problem.Shots, target)), target);
    }

    /// <summary>Features that do not vary become 0.</summary>
    private static FeatureMap Standardising(FeatureMatrix features)
    {
        var values = Matrix.From(features);
        var mean = values.ColumnMeans();
        var scale = new double[mean.Length];
        for (var row = 0; row < values.Rows; row++)
            for (var j = 0; j < scale.Length; j++)
                scale[j] += (values[row, j] - mean[j]) * (values[row, j] - mean[j]);
        for (var j = 0; j < scale.Length; j++)
            scale[j] = Math.Sqrt(scale[j] / values.Rows) is var deviation && deviation > 1e-6 * Math.Max(1e-12, Math.Abs(mean[j])) ? 1 / deviation : 0;
        return FeatureMap.Scaling(mean, scale);
    }
}
