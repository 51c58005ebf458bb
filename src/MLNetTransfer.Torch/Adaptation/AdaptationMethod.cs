using System.Runtime.CompilerServices;
using MLNetTransfer.Domains;

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
        if (string.Join(' ', Faults) is { Length: > 0 } faults)
            throw new TransferException($"'{Name}' cannot be used with its hyper-parameters: {faults}");
        if (NeedsShots && problem.Shots is null)
            throw new TransferException($"'{Name}' learns from a few labelled images of the target; received none. Give some (--shots DIR), or choose another method.");
        cancellation.ThrowIfCancellationRequested();
        var (scaled, map) = Scale(problem, settings.Scaling);
        var adapted = AdaptCore(scaled, settings, cancellation);
        var model = new AdaptedModel(map.Then(adapted.Map), adapted.Classifier);
        model.RequireFinite(Name, problem.Target.Features);
        return model;
    }

    /// <summary>The name and the hyper-parameters, as a table shows them: "coral (Regularisation = 1)".</summary>
    public sealed override string ToString()
    {
        var parameters = GetType().GetProperties().Where(property => property.CanWrite).OrderBy(property => property.Name, StringComparer.Ordinal)
            .Select(property => FormattableString.Invariant($"{property.Name} = {property.GetValue(this)}"));
        return string.Join(", ", parameters) is { Length: > 0 } text ? $"{Name} ({text})" : Name;
    }

    /// <summary>What is wrong with the hyper-parameters, for those who set them from a file and want to know before any work.</summary>
    internal IEnumerable<string> FaultsFound => Faults;

    /// <summary>Does the work on features of a common scale.</summary>
    protected abstract AdaptedModel AdaptCore(AdaptationProblem problem, AdaptationSettings settings, CancellationToken cancellation);

    /// <summary>Whether it can adapt layers of the network too.</summary>
    internal virtual bool AdaptsLayers => false;

    /// <summary>Why it cannot adapt layers of the network.</summary>
    internal TransferException LayersRefused => new($"'{Name}' works on features; layers of the network were to be adapted with them. Leave FineTune (--fine-tune) out, or choose one of "
        + $"{string.Join(", ", AdaptationCatalog.Methods.Where(method => method.AdaptsLayers).Select(method => method.Name))}.");

    /// <summary>Adapts layers of the network itself.</summary>
    /// <param name="layers">The network and which of its layers may change.</param>
    /// <param name="images">The images with the features of the network as it was.</param>
    /// <param name="onFeatures">What the method made of these features.</param>
    /// <param name="settings">What is the same for all methods.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="TransferException">The method cannot, or failed; the message says why.</exception>
    internal virtual AdaptedNetwork AdaptLayers(AdaptableLayers layers, DomainImages images, AdaptedModel onFeatures, AdaptationSettings settings, CancellationToken cancellation) => throw LayersRefused;

    /// <summary>What is wrong with the hyper-parameters, one sentence a fault; see <see cref="OutOfRange"/>.</summary>
    protected virtual IEnumerable<string> Faults => [];

    /// <summary>The fault of a hyper-parameter outside its range; none inside.</summary>
    /// <param name="value">What it is set to.</param>
    /// <param name="low">The smallest value it may have, or the one it must exceed.</param>
    /// <param name="high">The largest value it may have.</param>
    /// <param name="isOpen">Whether it must exceed <paramref name="low"/>.</param>
    /// <param name="name">What it is called.</param>
    protected static IEnumerable<string> OutOfRange(
        double value, double low, double high = double.MaxValue, bool isOpen = false, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value <= high && (isOpen ? value > low : value >= low)
            ? []
            : [FormattableString.Invariant($"{name} is {(isOpen ? "above" : "at least")} {low}{(high < double.MaxValue ? FormattableString.Invariant($" and at most {high}") : "")}; received {value}.")];

    private static (AdaptationProblem Problem, FeatureMap TargetMap) Scale(AdaptationProblem problem, FeatureScaling scaling)
    {
        if (scaling == FeatureScaling.None)
            return (problem, FeatureMap.Identity(problem.Target.Features.Columns));
        var source = new Standardisation(problem.Source.Features);
        var target = scaling == FeatureScaling.Source ? source : new Standardisation(problem.Target.Features);
        var scaled = new AdaptationProblem(
            source.Apply(problem.Source), new UnlabeledFeatures(target.Apply(problem.Target.Features)), problem.Shots is null ? null : target.Apply(problem.Shots));
        return (scaled, target.ToMap());
    }
}
