using MLNetTransfer.Torch.Adaptation.Methods;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Tests.Adaptation.Methods;

[Collection(TorchCollection.Name)]
public sealed class MinimumClassConfusionTests
{
    [Theory]
    [InlineData(2.5, .6277664871688)]
    [InlineData(1, .4757513533572)]
    public void Loss_Waves_IsThatOfNumpy(double temperature, double expected) =>
        Assert.Equal(expected, MinimumClassConfusion.Loss(Waves.TargetRows.AsTensor().narrow(1, 0, 3), temperature).ToDouble(), 1e-10);

    /// <summary>By hand: sure predictions are not confused whatever they are; equal ones are, with 1 - 1/K.</summary>
    [Fact]
    public void Loss_SurePredictions_IsNothingEvenOfOneClassOnly()
    {
        Assert.Equal(0, MinimumClassConfusion.Loss(tensor(new[] { 90d, 0, 0, 90, 90, 0 }, [3, 2]), 2.5).ToDouble(), 1e-6);
        Assert.Equal(.5, MinimumClassConfusion.Loss(zeros(4, 2), 2.5).ToDouble(), 1e-6);
        // Of images that all end in one class, the other's row of the matrix is as confused as it can be, and hardly any gradient is left to say so.
        Assert.Equal(.5, MinimumClassConfusion.Loss(tensor(new[] { 90d, 0, 90, 0 }, [2, 2]), 2.5).ToDouble(), 1e-6);
    }

    [Fact]
    public void Adapt_MisleadingShift_IsRightWhereSourceOnlyIsNot() => Misleading.AssertAdaptsToShift(new MinimumClassConfusion());
}
