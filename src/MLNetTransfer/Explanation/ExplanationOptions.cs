namespace MLNetTransfer.Explanation;

/// <summary>How a prediction is explained. Every default is usable as it is.</summary>
public sealed class ExplanationOptions
{
    /// <summary>The method, of those that need no gradients; null (default) takes the class activation map where the network allows it, otherwise occlusion.</summary>
    public ExplanationMethod? Method { get; init; }

    /// <summary>The class to explain; null (default) takes the one the model decides for.</summary>
    public string? Class { get; init; }

    /// <summary>With occlusion: the side of the covered patch as a share of the image's, above 0 up to 1; default .2.</summary>
    public double Patch { get; init; } = 0.2;

    /// <summary>With occlusion: how far apart patches are, as a share of the image's side, .01 to 1; default .1, which is 100 runs of the network.</summary>
    public double Stride { get; init; } = 0.1;

    internal void Validate(IReadOnlyList<string> classes)
    {
        var faults = new List<string>();
        if (Method is { } method && !Enum.IsDefined(method))
            faults.Add($"Method is one of {string.Join(", ", Enum.GetNames<ExplanationMethod>())}; received {method}.");
        if (Method == ExplanationMethod.GradientActivation)
            faults.Add("Method is one that needs no gradients; received GradientActivation. GradientExplainer, of the assembly that trains layers, has them.");
        if (Class is not null && !classes.Contains(Class))
            faults.Add($"Class is one of {string.Join(", ", classes.Select(name => $"'{name}'"))}; received '{Class}'.");
        if (!(Patch is > 0 and <= 1))
            faults.Add(FormattableString.Invariant($"Patch is above 0 up to 1; received {Patch}."));
        if (!(Stride is >= .01 and <= 1))
            faults.Add(FormattableString.Invariant($"Stride is .01 to 1; received {Stride}."));
        if (faults.Count > 0)
            throw new TransferException("Options of the explanation are wrong. " + string.Join(' ', faults));
    }
}
