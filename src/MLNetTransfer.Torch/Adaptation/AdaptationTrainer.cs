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
/// backbone's features, behind the hidden layer of a deep method, and whoever serves it needs no libtorch.
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
        if (options is { FineTune: not null } and ({ Method: null } or { Scorer: not null }))
            throw new TransferException("Layers are adapted by one method as it is; received a choice of a scorer. Name a method (--method) and no scorer, or leave FineTune (--fine-tune) out.");
        if (options is { FineTune: not null, Method: { AdaptsLayers: false } onFeaturesAlone })
            throw onFeaturesAlone.LayersRefused;
        var classes = problem.Source.Images.Classes;
        if (options.Test is not null)
            FeaturisedImages.RequireClasses(options.Test.Images, classes);
        var backbone = options.Backbone ?? Backbone.Embedded;
        var network = backbone.CutAt(backbone.FindCut(options.Cut));
        var layers = options.FineTune is { } from ? new AdaptableLayers(network, from, options.Threads ?? Environment.ProcessorCount, progress) : null;
        using var extractor = new BottleneckExtractor(network, options.Threads, options.Cache);
        var images = DomainImages.Read(problem, options.Test, extractor, progress, cancellation);
        var settings = new AdaptationSettings { Seed = options.Seed };

        var (method, model, choice) = Adapt(images.Problem, options, settings, progress, cancellation);
        var (probabilities, folds) = CrossValidate(images, settings, progress, cancellation);

        var adapted = layers is null ? new AdaptedNetwork(network, model) : method.AdaptLayers(layers, images, model, settings, cancellation);
        var (targetFeatures, test) = layers is null ? (images.Target.Features, images.Test) : Featurised(images, adapted.Network, options, progress, cancellation);
        var (head, served) = (FoldedHead.Of(adapted.Model, classes, probabilities, options.Seed), FoldedHead.Network(adapted.Network, adapted.Model.Map));
        var positive = classes.Count == 2 ? classes[1] : null;
        var validation = new EvaluatedImages(
            images.Source.Images, probabilities, Evaluator.Evaluate(classes, positive, [.. images.Source.Images.LabelIndices], probabilities), images.Source.Skipped);
        var (tested, sourceOnly) = (Tested(test, adapted.Model, head.Linear), SourceOnly(images, choice, settings, cancellation));
        var comparison = images.Test is null ? null : choice?.Evaluate(Labeled(images.Test, classes));
        var facts = new AdaptationFacts(method.Name, options.FineTune is null ? $"{method}" : $"{method}, layers above '{options.FineTune}' too", choice?.Scorer.Name, Chosen(options, choice), images.Source.Images.Images.Count,
            images.Target.Features.Rows, images.Shots?.Labels.Count ?? 0,
            FormattableString.Invariant($"cross-validation of {folds} folds of the source's classifier, not adapted, on the source images; it says nothing about the target"));
        var card = ModelCard.Create(new TransferOptions { Seed = options.Seed, Test = options.Test?.Images, ClassWeights = ClassWeighting.None }, served, [], head, images.Source,
            validation.Result, tested?.Result, images.Skipped, adaptation: facts);
        var transfer = new TransferResult(new TransferModel(card, served, head.Transformer), validation, tested, images.Skipped, FeatureWarnings.Of(images.Source.Features));
        return new AdaptationResult(transfer, method, choice, comparison, sourceOnly, [.. images.Notes, .. choice?.Fallback is { } fallback ? [fallback] : Array.Empty<string>(), .. CollapseOf(adapted.Model, targetFeatures, classes)]);
    }

    private static (AdaptationMethod Method, AdaptedModel Model, AdaptationChoice? Choice) Adapt(
        AdaptationProblem problem, AdaptationOptions options, AdaptationSettings settings, IProgress<TransferProgress>? progress, CancellationToken cancellation)
    {
        if (options is { Method: { } named, Scorer: null })
        {
            progress?.Report(new TransferProgress("adapting", 0, 1));
            var model = named.Adapt(problem, settings, cancellation);
            progress?.Report(new TransferProgress("adapting", 1, 1));
            return (named, model, null);
        }
        var choice = AdaptationSelector.Choose(
            problem, options.Scorer ?? AdaptationOptions.DefaultScorer, settings, options.Method is null ? null : [options.Method], progress, cancellation);
        return (choice.Best.Method, choice.Best.Model!, choice);
    }

    private static string Chosen(AdaptationOptions options, AdaptationChoice? choice) => choice is null
        ? "method and hyper-parameters as given; nothing was chosen"
        : choice.Fallback is not null ? $"taken because '{choice.Scorer.Name}' could judge no candidate" : FormattableString.Invariant($"chosen by '{choice.Scorer.Name}' among {choice.Candidates.Count} candidates of {(options.Method is null ? "all methods" : "the method")}, without labels of the target");

    /// <summary>The probabilities of the source's classifier for source images it has not seen, nor near-duplicates of them.</summary>
    private static (FeatureMatrix Probabilities, int Folds) CrossValidate(
        DomainImages images, AdaptationSettings settings, IProgress<TransferProgress>? progress, CancellationToken cancellation)
    {
        const string Stage = "cross-validating the source";
        var source = images.Problem.Source;
        int[] labels = [.. source.Labels], groups = DuplicateGroups.Find(images.Source.Fingerprints);
        HeadInput.Validate(source.Features, labels, groups, source.Classes, null);
        var count = HeadSelection.FoldCount(labels, groups, [.. Enumerable.Range(0, labels.Length)], source.Classes.Count, Folds);
        var folds = StratifiedSplit.Folds(labels, groups, count, settings.Seed, source.Classes);
        var probabilities = new float[labels.Length * source.Classes.Count];
        for (var fold = 0; fold < count; fold++)
        {
            progress?.Report(new TransferProgress(Stage, fold, count));
            int[] Rows(bool isTest) => [.. Enumerable.Range(0, labels.Length).Where(row => folds[row] == fold == isTest)];
            var test = Rows(isTest: true);
            var model = new SourceOnly().Adapt(new AdaptationProblem(source.Select(Rows(isTest: false)), images.Target), settings, cancellation);
            var predicted = model.Probabilities(source.Features.Select(test));
            for (var i = 0; i < test.Length; i++)
                predicted.Row(i).CopyTo(probabilities.AsSpan(test[i] * source.Classes.Count));
        }
        progress?.Report(new TransferProgress(Stage, count, count));
        return (new FeatureMatrix(labels.Length, source.Classes.Count, probabilities), count);
    }

    private static EvaluatedImages? SourceOnly(DomainImages images, AdaptationChoice? choice, AdaptationSettings settings, CancellationToken cancellation)
    {
        if (images.Test is null)
            return null;
        var model = choice?.Candidates.FirstOrDefault(candidate => candidate.Method is SourceOnly)?.Model ?? new SourceOnly().Adapt(images.Problem, settings, cancellation);
        return images.Test.Evaluate(FoldedHead.Of(model, images.Source.Images.Classes, new FeatureMatrix(0, images.Source.Images.Classes.Count, []), settings.Seed).Linear);
    }

    /// <summary>The images of the target by a network whose layers have changed.</summary>
    private static (FeatureMatrix Target, FeaturisedImages? Test) Featurised(
        DomainImages images, BackboneCut network, AdaptationOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellation)
    {
        using var extractor = new BottleneckExtractor(network, options.Threads);
        return (extractor.Extract(images.TargetPaths, null, cancellation).Features,
            images.Test is { } test ? FeaturisedImages.Extract(test.Images, extractor, "measuring on held-out images", progress, cancellation) with { Skipped = test.Skipped } : null);
    }

    private static EvaluatedImages? Tested(FeaturisedImages? test, AdaptedModel model, LinearHead head) =>
        test is null ? null : (test with { Features = model.Map.Hidden.Apply(test.Features) }).Evaluate(head);

    /// <summary>A model that has collapsed into one class may look sure of itself to every scorer.</summary>
    private static string[] CollapseOf(AdaptedModel model, FeatureMatrix target, IReadOnlyList<string> classes) => model.Labels(target).Distinct().ToArray() is [var only]
        ? [FormattableString.Invariant($"All {target.Rows} images of the target are predicted as '{classes[only]}'. If they are of several classes, the model is of no use on them: choose another method or other settings.")]
        : [];

    private static LabeledFeatures Labeled(FeaturisedImages test, IReadOnlyList<string> classes) =>
        new(test.Features, [.. test.Images.Images.Select(image => classes.Index().First(pair => pair.Item == image.Label).Index)], classes);
}
