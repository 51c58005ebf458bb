using MLNetTransfer.Torch.Adaptation;

namespace MLNetTransfer.Torch.Experiments;

/// <summary>A method of an experiment and the hyper-parameters to choose among.</summary>
public sealed class ExperimentMethod
{
    internal ExperimentMethod(string label, AdaptationMethod method)
    {
        Label = label;
        Candidates = [.. method.Candidates.DistinctBy(candidate => $"{candidate}")];
    }

    /// <summary>What tables call it: the method's name, with hyper-parameters where the file gives some.</summary>
    public string Label { get; }

    /// <summary>The settings to choose among; the first is the one taken when nothing chooses.</summary>
    public IReadOnlyList<AdaptationMethod> Candidates { get; }
}
