namespace MLNetTransfer.Torch.Adaptation;

/// <summary>A method with its hyper-parameters, tried on a problem: what a scorer judges. There are no target labels in it.</summary>
/// <param name="method">The method.</param>
/// <param name="problem">What it was given.</param>
/// <param name="settings">What is the same for all methods.</param>
/// <param name="model">What it made.</param>
public sealed class AdaptationTrial(AdaptationMethod method, AdaptationProblem problem, AdaptationSettings settings, AdaptedModel model)
{
    private readonly Lazy<FeatureMatrix> _probabilities = new(() => model.Probabilities(problem.Target.Features));

    /// <summary>The method.</summary>
    public AdaptationMethod Method { get; } = method ?? throw new ArgumentNullException(nameof(method));

    /// <summary>What it was given.</summary>
    public AdaptationProblem Problem { get; } = problem ?? throw new ArgumentNullException(nameof(problem));

    /// <summary>What is the same for all methods.</summary>
    public AdaptationSettings Settings { get; } = settings ?? throw new ArgumentNullException(nameof(settings));

    /// <summary>What it made.</summary>
    public AdaptedModel Model { get; } = model ?? throw new ArgumentNullException(nameof(model));

    /// <summary>What the model makes of the target: images x classes.</summary>
    public FeatureMatrix Probabilities => _probabilities.Value;
}
