using MLNetTransfer.Evaluation;

namespace MLNetTransfer.Torch.LayerSearch;

/// <summary>What a choice of layers reached on each image by models that had not seen it; images not measured are left out.</summary>
internal sealed class CandidateLosses
{
    private readonly double[] _losses;
    private readonly double[] _right;
    private readonly int[] _measured;
    private readonly int[] _labels;
    private readonly double[] _classWeights;

    /// <summary>Prepares for a set of images.</summary>
    public CandidateLosses(int[] labels, double[] classWeights)
    {
        (_labels, _classWeights) = (labels, classWeights);
        (_losses, _right, _measured) = (new double[labels.Length], new double[labels.Length], new int[labels.Length]);
    }

    /// <summary>The number of images measured.</summary>
    public int Images => _measured.Count(times => times > 0);

    /// <summary>The mean weighted log-loss of the images measured.</summary>
    public double LogLoss => Measured.Sum(i => _classWeights[_labels[i]] * _losses[i] / _measured[i]) / Measured.Sum(i => _classWeights[_labels[i]]);

    /// <summary>The share of the images measured that was decided right.</summary>
    public double Accuracy => Measured.Average(i => _right[i] / _measured[i]);

    /// <summary>The 95 % interval of the accuracy.</summary>
    public Interval Interval => Interval.Wilson((int)Math.Round(Accuracy * Images), Images);

    private IEnumerable<int> Measured => Enumerable.Range(0, _labels.Length).Where(i => _measured[i] > 0);

    /// <summary>Adds what was predicted for an image.</summary>
    public void Add(int image, ReadOnlySpan<float> probabilities, int decided)
    {
        // A probability of 0 would make everything else meaningless; float32 knows no smaller one than this beside 1.
        _losses[image] -= Math.Log(Math.Max(probabilities[_labels[image]], 1e-7));
        _right[image] += decided == _labels[image] ? 1 : 0;
        _measured[image]++;
    }

    /// <summary>How much worse than another on the images that both were measured on, in standard errors of the mean difference.</summary>
    public double ErrorsWorseThan(CandidateLosses other)
    {
        double[] differences = [.. Measured.Where(i => other._measured[i] > 0).Select(i => _classWeights[_labels[i]] * (_losses[i] / _measured[i] - other._losses[i] / other._measured[i]))];
        var mean = differences.Average();
        var deviation = Math.Sqrt(differences.Sum(difference => (difference - mean) * (difference - mean)) / Math.Max(1, differences.Length - 1));
        return deviation == 0 ? Math.Sign(mean) * double.PositiveInfinity is var infinite && mean == 0 ? 0 : infinite : mean / (deviation / Math.Sqrt(differences.Length));
    }
}
