using MLNetTransfer.Evaluation;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.AccuracyTests;

internal static class Accuracy
{
    /// <summary>Fails with the figures when the accuracy on these images is below the target.</summary>
    public static void AssertAtLeast(double target, EvaluatedImages evaluated, int images)
    {
        var gate = new AccuracyGate { MinAccuracy = target, MinImages = images }.Check(evaluated.Result);
        Assert.True(gate.Passed, gate.ToString());
    }

    /// <summary>
    /// Of n fair coins .5 +/- .5 / sqrt(n) fall right; four such deviations are never left by chance, and any leak of labels leaves them.
    /// </summary>
    public static void AssertChance(EvaluatedImages evaluated)
    {
        var result = evaluated.Result;
        Assert.Equal(0.5, result.Accuracy, 4 * 0.5 / Math.Sqrt(result.Images));
    }

    /// <summary>Fails unless both predicted the same images with the same bits.</summary>
    public static void AssertSameBits(EvaluatedImages expected, EvaluatedImages received)
    {
        Assert.Equal(expected.Images.Images, received.Images.Images);
        for (var row = 0; row < expected.Probabilities.Rows; row++)
            Assert.Equal(expected.Probabilities.Row(row).ToArray(), received.Probabilities.Row(row).ToArray());
        Assert.Equal(expected.Result.Predicted, received.Result.Predicted);
    }
}
