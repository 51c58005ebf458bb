using MLNetTransfer.Diagnosis;
using MLNetTransfer.Domains;
using MLNetTransfer.Torch.Adaptation;

namespace MLNetTransfer.Torch.Experiments;

/// <summary>Lays the images of a pair out in a plane, before and after a method: for people to look at, no part of any figure.</summary>
internal static class Embedder
{
    private const int MostImages = 250;

    /// <summary>The images of a pair; null where the method is refused, or moves no feature.</summary>
    public static PairEmbedding? Of(ExperimentCase item, AdaptationMethod method, AdaptationSettings settings, CancellationToken cancellation)
    {
        var problem = item.Problem(method.NeedsShots);
        var recorder = new RecordingTrainer(settings.Classifier);
        AdaptedModel model;
        try
        {
            model = method.Adapt(problem, new AdaptationSettings { Seed = settings.Seed, Scaling = settings.Scaling, Classifier = recorder }, cancellation);
        }
        catch (TransferException)
        {
            return null;
        }
        var (source, test) = (problem.Source, item.Truth.Test);
        // A method moves the source, or maps both domains alike.
        var moved = recorder.Last is { } training && training.Features.Rows == source.Features.Rows ? training.Features : model.Map.Apply(source.Features);
        var (here, there) = (Sample(source.Labels.Count, item.Seed), Sample(test.Labels.Count, item.Seed));
        IReadOnlyList<EmbeddedImage> Plane(FeatureMatrix first, FeatureMatrix second)
        {
            var (x, y) = PrincipalPlane.Of(Gram.Of(first.Select(here), second.Select(there)), RandomStream.Derive(item.Seed, "principal plane"));
            return [.. here.Concat(there).Select((row, i) => new EmbeddedImage(i >= here.Length, i < here.Length ? source.Classes[source.Labels[row]] : test.Classes[test.Labels[row]], x[i], y[i]))];
        }
        var (before, after) = (Plane(source.Features, test.Features), Plane(moved, model.Map.Apply(test.Features)));
        return before.Zip(after).All(pair => Math.Abs(pair.First.First - pair.Second.First) + Math.Abs(pair.First.Second - pair.Second.Second) < 1e-3)
            ? null
            : new PairEmbedding($"{method}", before, after);
    }

    private static int[] Sample(int count, int seed)
    {
        int[] rows = [.. Enumerable.Range(0, count)];
        RandomStream.Derive(seed, "embedded images").Shuffle<int>(rows);
        return [.. rows.Take(MostImages).Order()];
    }

    /// <summary>Keeps what it was last asked to train on.</summary>
    private sealed class RecordingTrainer(ClassifierTrainer trainer) : ClassifierTrainer
    {
        public LabeledFeatures? Last { get; private set; }

        public override string Name => trainer.Name;

        public override TargetClassifier Train(LabeledFeatures training, double[]? weights, int seed, CancellationToken cancellation)
        {
            Last = training;
            return trainer.Train(training, weights, seed, cancellation);
        }
    }
}
