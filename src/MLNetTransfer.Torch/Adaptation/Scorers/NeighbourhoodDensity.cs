using System.Numerics.Tensors;
using MLNetTransfer.Heads;
using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Adaptation.Scorers;

/// <summary>
/// Soft neighbourhood density (Saito, Kim, Teterwak, Sclaroff, Darrell and Saenko, "Tune it the Right Way: Unsupervised Validation of Domain Adaptation via
/// Soft Neighborhood Density", ICCV 2021): the cosines of every target image's predictions with those of all others become a distribution, softmax at
/// temperature .05, and its mean entropy is the score: images of one class should have many neighbours alike. One class for all images fools it too.
/// </summary>
public sealed class NeighbourhoodDensity : AdaptationScorer
{
    private const double Temperature = .05;

    /// <inheritdoc/>
    public override string Name => "snd";

    /// <inheritdoc/>
    public override string Summary => "how many target images are predicted alike";

    /// <inheritdoc/>
    public override string Reference =>
        "Saito, Kim, Teterwak, Sclaroff, Darrell and Saenko, Unsupervised Validation of Domain Adaptation via Soft Neighborhood Density, ICCV 2021";

    /// <inheritdoc/>
    protected override double ScoreCore(AdaptationTrial trial, IReadOnlyList<AdaptationTrial> all, CancellationToken cancellation) => Density(trial.Probabilities);

    internal static double Density(FeatureMatrix probabilities)
    {
        var units = Matrix.From(probabilities);
        for (var row = 0; row < units.Rows; row++)
            TensorPrimitives.Divide(units.Row(row), TensorPrimitives.Norm<double>(units.Row(row)), units.Row(row));
        var similarities = units.TimesTransposed(units).Scaled(1 / Temperature);
        var sum = 0d;
        for (var row = 0; row < units.Rows; row++)
        {
            // Oneself is no neighbour.
            double[] others = [.. similarities.Row(row)[..row], .. similarities.Row(row)[(row + 1)..]];
            LinearModel.SoftMax(others);
            foreach (var share in others)
                sum -= share > 0 ? share * Math.Log(share) : 0;
        }
        return sum / units.Rows;
    }
}
