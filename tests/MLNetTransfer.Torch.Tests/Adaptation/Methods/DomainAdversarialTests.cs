using MLNetTransfer.Torch.Adaptation;
using MLNetTransfer.Torch.Adaptation.Methods;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Tests.Adaptation.Methods;

[Collection(TorchCollection.Name)]
public sealed class DomainAdversarialTests
{
    [Fact]
    public void Loss_Waves_IsThatOfNumpy() =>
        Assert.Equal(1.0907901220766, DomainDiscriminator.Loss(Waves.SourceRows.Above(Waves.TargetRows).AsTensor().select(1, 3), 24, null).ToDouble(), 1e-10);

    /// <summary>Equation 14 by hand: nothing at the start, (1 - exp(-5)) / (1 + exp(-5)) half-way.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(.5, .9866142981514303)]
    [InlineData(1, .9999092042625951)]
    public void Strength_OfTheReversal_GrowsAsInThePaper(double progress, double expected) => Assert.Equal(expected, DomainDiscriminator.Strength(progress), 1e-12);

    /// <summary>Against finite differences: the discriminator goes down the loss, what it reads goes up.</summary>
    [Fact]
    public void AdversarialLoss_Gradient_IsReversedBelowTheDiscriminator()
    {
        using var scope = NewDisposeScope();
        var discriminator = new DomainDiscriminator(5, seed: 3);
        float[] rows = [.. Waves.SourceRows.Above(Waves.TargetRows).ToFeatures().Row(0), .. Waves.TargetRows.ToFeatures().Row(1), .. Waves.TargetRows.ToFeatures().Row(2)];
        float[] weight = [.. discriminator.Parameters[0].data<float>().ToArray()];
        const double progress = .1;
        double LossOf(float[] values) => DomainDiscriminator.Loss(discriminator.Forward(tensor(values, [3, 5])), 1, null).ToDouble();
        var input = tensor(rows, [3, 5], requires_grad: true);
        var batch = new DomainBatch(input, zeros(3, 2), 1, progress, discriminator);

        var loss = batch.AdversarialLoss(batch.Features);
        loss.backward();

        Assert.Equal(LossOf(rows), loss.ToDouble(), 1e-6);
        var actual = input.grad!.data<float>().ToArray();
        for (var i = 0; i < rows.Length; i++)
            Assert.Equal(-DomainDiscriminator.Strength(progress) * Slope(rows, i, LossOf), actual[i], 1e-3);
        var ofWeight = discriminator.Parameters[0].grad!.data<float>().ToArray();
        foreach (var i in new[] { 0, 7, 333, 1279 })
            Assert.Equal(Slope(weight, i, values =>
            {
                using var quiet = no_grad();
                discriminator.Parameters[0].copy_(tensor(values, [256, 5]));
                return LossOf(rows);
            }), ofWeight[i], 1e-3);
    }

    [Fact]
    public void AdversarialLoss_WithoutDiscriminator_SaysWhatIsMissing() =>
        Assert.Throws<InvalidOperationException>(() => new DomainBatch(zeros(3, 5), zeros(3, 2), 1, 0, null).AdversarialLoss(zeros(3, 5)));

    [Fact]
    public void Adapt_MisleadingShift_IsRightWhereSourceOnlyIsNot() => Misleading.AssertAdaptsToShift(new DomainAdversarial());

    private static double Slope(float[] values, int i, Func<float[], double> loss)
    {
        const float step = 1e-3f;
        float[] up = [.. values], down = [.. values];
        (up[i], down[i]) = (up[i] + step, down[i] - step);
        return (loss(up) - loss(down)) / ((double)up[i] - down[i]);
    }
}
