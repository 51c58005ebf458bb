using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Domains;
using MLNetTransfer.Evaluation;
using MLNetTransfer.Heads;
using MLNetTransfer.Images;
using MLNetTransfer.Torch.Adaptation.Methods;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>
/// Adapts a model to a target whose images have no labels. The result is an ordinary model: map and classifier are folded into one ML.NET head over the
/// backbone's features, and whoever serves it needs no libtorch.
/// </summary>
public static class AdaptationTrainer
{
    private const int Folds = 5;

    /// <summary>Trains a model for the target and, where there are test images, measures it beside the source's classifier.</summary>
    /// <param name="problem">The source, the unlabelled target, perhaps a few labelled images of the target.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Told as images and stages are done; called from any thread, one call at a time.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="TransferException">The images or options cannot be used; the message says what and why.</exception>
    /// <exception cref="OperationCanceledException">The adaptation was cancelled.</exception>
    public static AdaptationResult Train(
        TransferProblem problem, AdaptationOptions? options = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        options ??= new AdaptationOptions();
        if (options.Cut == Cut.Auto)
            throw new TransferException($"Features of one cut are adapted; received '{Cut.Auto}'. Name one, or leave it out.");
        var classes = problem.Source.Images.Classes;
        if (options.Test is not null)
            FeaturisedImages.RequireClasses(options.Test.Images, classes);
        var backbone = options.Backbone ?? Backbone.Embedded;
        var network = backbone.CutAt(backbone.FindCut(options.Cut));
        using var extractor = new BottleneckExtractor(network, options.Threads, options.Cache);
        var images = DomainImages.Read(problem, options.Test, extractor, progress, cancellation);
        var settings = new AdaptationSettings { Seed = options.Seed };

        progress?.Report(new TransferProgress("adapting", 0, 1));
        var (method, model, choice) = Adapt(images.Problem, options, settings, cancellation);
        var (probabilities, folds) = CrossValidate(images, settings, cancellation);
        progress?.Report(new TransferProgress("adapting", 1, 1));

        var head = FoldedHead.Of(model, classes, probabilities, options.Seed);
        var positive = classes.Count == 2 ? classes[1] : null;
        var validation = new EvaluatedImages(
            images.Source.Images, probabilities, Evaluator.Evaluate(classes, positive, [.. images.Source.Images.LabelIndices], probabilities), images.Source.Skipped);
        var (tested, sourceOnly) = (images.Test?.Evaluate(head.Linear), SourceOnly(images, choice, settings, cancellation));
        var comparison = images.Test is null ? null : choice?.Evaluate(Labeled(images.Test, classes));
        var facts = new AdaptationFacts(method.Name, $"{method}", choice?.Scorer.Name, Chosen(options, choice), images.Source.Images.Images.Count,
            images.Target.Features.Rows, images.Shots?.Labels.Count ?? 0,
            FormattableString.Invariant($"cross-validation of {folds} folds of the source's classifier, not adapted, on the source images; it says nothing about the target"));
        var card = ModelCard.Create(new TransferOptions { Seed = options.Seed, Test = options.Test?.Images, ClassWeights = ClassWeighting.None }, network, [], head, images.Source,
            validation.Result, tested?.Result, images.Skipped, adaptation: facts);
        var transfer = new TransferResult(new TransferModel(card, network, head.Transformer), validation, tested, images.Skipped, FeatureWarnings.Of(images.Source.Features));
        return new AdaptationResult(transfer, method, choice, comparison, sourceOnly, choice?.Fallback is { } fallback ? [.. images.Notes, fallback] : images.Notes);
    }

    private static (AdaptationMethod Method, AdaptedModel Model, AdaptationChoice? Choice) Adapt(
        AdaptationProblem problem, AdaptationOptions options, AdaptationSettings settings, CancellationToken cancellation)
    {
        if (options is { Method: { } named, Scorer: null })
            return (named, named.Adapt(problem, settings, cancellation), null);
        var choice = AdaptationSelector.Choose(
            problem, options.Scorer ?? AdaptationOptions.DefaultScorer, settings, options.Method is null ? null : [options.Method], cancellation);
        return (choice.Best.Method, choice.Best.Model!, choice);
    }

    private static string Chosen(AdaptationOptions options, AdaptationChoice? choice) => choice is null
        ? "method and hyper-parameters as given; nothing was chosen"
        : choice.Fallback ?? FormattableString.Invariant($"chosen by '{choice.Scorer.Name}' among {choice.Candidates.Count} candidates of {(options.Method is null ? "all methods" : "the method")}, without labels of the target");

    /// <summary>The probabilities of the source's classifier for source images it has not seen, nor near-duplicates of them.</summary>
    private static (FeatureMatrix Probabilities, int Folds) CrossValidate(DomainImages images, AdaptationSettings settings, CancellationToken cancellation)
    {
        var source = images.Problem.Source;
        int[] labels = [.. source.Labels], groups = DuplicateGroups.Find(images.Source.Fingerprints);
        HeadInput.Validate(source.Features, labels, groups, source.Classes, null);
        var count = HeadSelection.FoldCount(labels, groups, [.. Enumerable.Range(0, labels.Length)], source.Classes.Count, Folds);
        var folds = StratifiedSplit.Folds(labels, groups, count, settings.Seed, source.Classes);
        var probabilities = new float[labels.Length * source.Classes.Count];
        for (var fold = 0; fold < count; fold++)
        {
            int[] Rows(bool isTest) => [.. Enumerable.Range(0, labels.Length).Where(row => folds[row] == fold == isTest)];
            var test = Rows(isTest: true);
            var model = new SourceOnly().Adapt(new AdaptationProblem(source.Select(Rows(isTest: false)), images.Target), settings, cancellation);
            var predicted = model.Probabilities(source.Features.Select(test));
            for (var i = 0; i < test.Length; i++)
                predicted.Row(i).CopyTo(probabilities.AsSpan(test[i] * source.Classes.Count));
        }
        return (new FeatureMatrix(labels.Length, source.Classes.Count, probabilities), count);
    }

    private static EvaluatedImages? SourceOnly(DomainImages images, AdaptationChoice? choice, AdaptationSettings settings, CancellationToken cancellation)
    {
        if (images.Test is null)
            return null;
        var model = choice?.Candidates.FirstOrDefault(candidate => candidate.Method is SourceOnly)?.Model ?? new SourceOnly().Adapt(images.Problem, settings, cancellation);
        return images.Test.Evaluate(FoldedHead.Of(model, images.Source.Images.Classes, new FeatureMatrix(0, images.Source.Images.Classes.Count, []), settings.Seed).Linear);
    }

    private static LabeledFeatures Labeled(FeaturisedImages test, IReadOnlyList<string> classes) =>
        new(test.Features, [.. test.Images.Images.Select(image => classes.Index().First(pair => pair.Item == image.Label).Index)], classes);
}
