using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>What joint and balanced distribution adaptation share: components in which the domains' means agree, and the means of each class by pseudo-labels.</summary>
internal static class JointAdaptation
{
    /// <summary>Alternates between components and pseudo-labels of the target.</summary>
    /// <param name="problem">The problem, on a common scale.</param>
    /// <param name="settings">The classifier gives the pseudo-labels.</param>
    /// <param name="marginal">The weight of the difference of the domains' means.</param>
    /// <param name="conditional">The weight of the difference of every class's means.</param>
    /// <param name="regularisation">lambda, above 0.</param>
    /// <param name="dimensions">The number of components.</param>
    /// <param name="iterations">How often; ends sooner when the pseudo-labels stay.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static AdaptedFeatures Run(
        AdaptationProblem problem, AdaptationSettings settings, double marginal, double conditional, double regularisation, int dimensions, int iterations,
        CancellationToken cancellation)
    {
        var (source, target) = (Matrix.From(problem.Source.Features), Matrix.From(problem.Target.Features));
        var (labels, classes) = (problem.Source.Labels, problem.Source.Classes.Count);
        var all = source.Above(target);
        var space = new ComponentSpace(all, isDual: false);
        var sourceRows = Enumerable.Range(0, source.Rows).ToArray();
        var targetRows = Enumerable.Range(0, target.Rows).ToArray();
        var means = ComponentSpace.MeanDifference(sourceRows, targetRows.Select(row => row + source.Rows), all.Rows)!;
        int[]? pseudo = null;
        for (var iteration = 1; ; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            List<(double[], double)> contrasts = [(means, pseudo is null ? 1 : marginal)];
            for (var k = 0; pseudo is not null && k < classes; k++)
                if (ComponentSpace.MeanDifference(
                    sourceRows.Where(row => labels[row] == k), targetRows.Where(row => pseudo[row] == k).Select(row => row + source.Rows), all.Rows) is { } difference)
                    contrasts.Add((difference, conditional));
            var components = space.Components(ComponentSpace.Contrasts(contrasts, norm: 1), regularisation, dimensions);
            var adapted = AdaptedFeatures.Mapped(problem.Source, source.Times(components), FeatureMap.Linear(components));
            if (iteration == iterations)
                return adapted;
            var classifier = settings.Classifier.Train(adapted.Training, null, settings.Seed, cancellation);
            var next = classifier.Labels(target.Times(components).ToFeatures());
            if (pseudo is not null && next.SequenceEqual(pseudo))
                return adapted;
            pseudo = next;
        }
    }
}
