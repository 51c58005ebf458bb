using System.Collections.Frozen;

namespace MLNetTransfer.Transfer;

/// <summary>What a model says about one image. Immutable.</summary>
public sealed class ImagePrediction
{
    private readonly IReadOnlyList<string> _classes;
    private readonly float[] _probabilities;
    private readonly int _label;

    internal ImagePrediction(IReadOnlyList<string> classes, float[] probabilities, int label) => (_classes, _probabilities, _label) = (classes, probabilities, label);

    /// <summary>The class the model decides for: by its threshold for two classes, the most probable for more.</summary>
    public string Label => _classes[_label];

    /// <summary>The probability of <see cref="Label"/>, 0 to 1.</summary>
    public float Probability => _probabilities[_label];

    /// <summary>The probability of every class by its name, 0 to 1; they sum to 1.</summary>
    public IReadOnlyDictionary<string, float> Probabilities => field ??= _classes.Zip(_probabilities).ToFrozenDictionary(pair => pair.First, pair => pair.Second);

    /// <summary>The probability of a class, 0 to 1.</summary>
    /// <exception cref="KeyNotFoundException">The model has no such class; the message lists those it has.</exception>
    public float this[string label]
    {
        get
        {
            for (var i = 0; i < _classes.Count; i++)
                if (_classes[i] == label)
                    return _probabilities[i];
            throw new KeyNotFoundException($"The classes of this model are {string.Join(", ", _classes.Select(name => $"'{name}'"))}; received '{label}'.");
        }
    }
}
