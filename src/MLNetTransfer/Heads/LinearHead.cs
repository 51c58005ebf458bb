using System.Numerics.Tensors;
using Microsoft.ML;

namespace MLNetTransfer.Heads;

/// <summary>
/// A trained head as plain numbers: standardisation, weights, bias and calibration folded into one linear map and a sigmoid or a
/// softmax. Immutable and safe to use from many threads.
/// </summary>
public sealed class LinearHead
{
    private const int StackLimit = 512;
    private readonly double[] _weights;
    private readonly double[] _biases;
    private readonly int _positive;

    /// <param name="classes">The classes, in ordinal order.</param>
    /// <param name="positive">The index of the positive class of two; -1 for more classes.</param>
    /// <param name="threshold">The probability from which on an image is positive.</param>
    /// <param name="weights">One row of weights an output: the positive class alone, or every class.</param>
    /// <param name="biases">One bias an output.</param>
    internal LinearHead(IReadOnlyList<string> classes, int positive, float threshold, double[] weights, double[] biases)
    {
        (Classes, _positive, Threshold, _weights, _biases) = (classes, positive, threshold, weights, biases);
        Features = weights.Length / biases.Length;
    }

    /// <summary>The classes in ordinal order: the order of the probabilities.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The number of features an image has.</summary>
    public int Features { get; }

    /// <summary>The positive class of a two-class head; null for more classes.</summary>
    public string? Positive => _positive < 0 ? null : Classes[_positive];

    /// <summary>The probability of the positive class, from 0 to 1, from which on an image is decided as positive. Not used for more than two classes.</summary>
    public float Threshold { get; }

    /// <summary>One row of weights an output: the positive class of two alone, or every class.</summary>
    internal ReadOnlySpan<double> Weights => _weights;

    /// <summary>One bias an output.</summary>
    internal ReadOnlySpan<double> Biases => _biases;

    /// <summary>Reads the head out of an ML.NET model that holds one, for instance a loaded model.zip.</summary>
    /// <param name="model">A chain that ends in the transformer of a <see cref="TrainedHead"/>.</param>
    /// <exception cref="TransferException">The model holds no head of this library.</exception>
    public static LinearHead FromTransformer(ITransformer model) => LinearHeadReader.Read(model);

    /// <summary>Computes the probability of every class of one image. Allocates nothing for up to 512 classes.</summary>
    /// <param name="features"><see cref="Features"/> values: one row of a <see cref="FeatureMatrix"/>.</param>
    /// <param name="probabilities">Receives one value a class, in the order of <see cref="Classes"/>, each from 0 to 1, their sum 1.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public void Probabilities(ReadOnlySpan<float> features, Span<float> probabilities)
    {
        if (features.Length != Features)
            throw new ArgumentException($"The head takes {Features} features; received {features.Length}.", nameof(features));
        if (probabilities.Length != Classes.Count)
            throw new ArgumentException($"The head has {Classes.Count} classes; "
                + $"received room for {probabilities.Length}.", nameof(probabilities));
        Span<double> scores = _biases.Length <= StackLimit ? stackalloc double[_biases.Length] : new double[_biases.Length];
        for (var k = 0; k < scores.Length; k++)
        {
            var weights = _weights.AsSpan(k * Features, Features);
            var sum = _biases[k];
            for (var j = 0; j < weights.Length; j++)
                sum += weights[j] * features[j];
            scores[k] = sum;
        }
        if (_positive >= 0)
        {
            probabilities[_positive] = (float)LinearModel.Sigmoid(scores[0]);
            probabilities[1 - _positive] = (float)LinearModel.Sigmoid(-scores[0]);
            return;
        }
        LinearModel.SoftMax(scores);
        for (var k = 0; k < scores.Length; k++)
            probabilities[k] = (float)scores[k];
    }

    /// <summary>The index of the class that the probabilities decide for: by the threshold for two classes, the largest for more.</summary>
    /// <param name="probabilities">One value a class, in the order of <see cref="Classes"/>.</param>
    public int Decide(ReadOnlySpan<float> probabilities) =>
        _positive >= 0
            ? probabilities[_positive] >= Threshold ? _positive : 1 - _positive
            : TensorPrimitives.IndexOfMax(probabilities);
}
