using MLNetTransfer.Heads;

namespace MLNetTransfer.Explanation;

/// <summary>
/// The linear score of one class: its log-odds for one of two classes, its score before the softmax for one of more. The latter say as much as
/// a difference to the mean of all classes, because the regularisation of a head makes the weights of all classes sum to 0.
/// </summary>
internal readonly ref struct ClassScore
{
    private readonly ReadOnlySpan<double> _weights;
    private readonly double _bias;
    private readonly int _sign;

    public ClassScore(LinearHead head, string name)
    {
        var index = head.Positive is null ? head.Classes.Index().First(pair => pair.Item == name).Index : 0;
        _sign = head.Positive is null || head.Positive == name ? 1 : -1;
        _weights = head.Weights.Slice(index * head.Features, head.Features);
        _bias = head.Biases[index];
    }

    /// <summary>What one unit of a feature adds.</summary>
    public double WeightOf(int feature) => _sign * _weights[feature];

    /// <summary>The score of an image without features.</summary>
    public double Bias => _sign * _bias;
}
