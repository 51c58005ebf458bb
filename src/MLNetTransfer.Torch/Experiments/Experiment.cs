using MLNetTransfer.Torch.Adaptation;

namespace MLNetTransfer.Torch.Experiments;

/// <summary>What is compared: pairs of domains x backbones x cuts x methods x seeds. Read from a JSON file, which docs/experiments.md describes. Immutable.</summary>
public sealed class Experiment
{
    internal Experiment()
    {
    }

    /// <summary>The file it was read from.</summary>
    public required string File { get; init; }

    /// <summary>What it asks, as a heading.</summary>
    public required string Title { get; init; }

    /// <summary>The domains, in the order of the file.</summary>
    public required IReadOnlyList<ExperimentDomain> Domains { get; init => field = [.. value]; }

    /// <summary>From which domain to which, by name; one or more.</summary>
    public required IReadOnlyList<(string Source, string Target)> Pairs { get; init => field = [.. value]; }

    /// <summary>The only classes that count; null for all.</summary>
    public IReadOnlyList<string>? Classes { get; init => field = value is null ? null : [.. value]; }

    /// <summary>The pretrained networks: names, or files.</summary>
    public required IReadOnlyList<string> Backbones { get; init => field = [.. value]; }

    /// <summary>The cuts whose features are adapted.</summary>
    public required IReadOnlyList<string> Cuts { get; init => field = [.. value]; }

    /// <summary>The methods, "none" first.</summary>
    public required IReadOnlyList<ExperimentMethod> Methods { get; init => field = [.. value]; }

    /// <summary>What chooses hyper-parameters and methods without target labels; may be empty.</summary>
    public required IReadOnlyList<AdaptationScorer> Scorers { get; init => field = [.. value]; }

    /// <summary>The seeds, each a repetition of everything that is drawn.</summary>
    public required IReadOnlyList<int> Seeds { get; init => field = [.. value]; }

    /// <summary>How many images of every class of the source a repetition draws, or all where there are fewer; null for all.</summary>
    public int? SourcePerClass { get; init; }

    /// <summary>How many labelled images of every class of the target a repetition draws for the methods that learn from them. No method is tested on them.</summary>
    public int Shots { get; init; }

    /// <summary>How features are brought to a common scale.</summary>
    public FeatureScaling Scaling { get; init; } = FeatureScaling.Source;

    /// <summary>The strength of the logistic regression; null for one that cross-validation on the training rows chooses.</summary>
    public double? L2 { get; init; }

    /// <summary>Where records are kept unless another file is named: beside <see cref="File"/>.</summary>
    public string DefaultResults => Path.ChangeExtension(File, ".results.jsonl");

    /// <summary>Reads an experiment; no image is opened.</summary>
    /// <param name="file">The JSON file. Paths in it start at its folder.</param>
    /// <exception cref="TransferException">It is none; the message names the place in the file, what is allowed there and what was received.</exception>
    public static Experiment Read(string file) => ExperimentFile.Read(file);

    internal ExperimentDomain Domain(string name) => Domains.First(domain => domain.Name == name);
}
