using MLNetTransfer.Torch.Pretraining;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Tests.Pretraining;

[Collection(TorchCollection.Name)]
public sealed class ConvolutionUnitTests
{
    [Theory]
    [InlineData(5, 2)]
    [InlineData(3, 1)]
    [InlineData(1, 2)]
    public void Fold_NonTrivialStatistics_EqualsConvolutionAndNormalisation(int kernel, int stride)
    {
        random.manual_seed(2);
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var unit = new ConvolutionUnit("unit", 4, 6, kernel, stride);
        Networks.Disturb(unit);
        unit.eval();
        var image = randn(2, 4, 11, 9);
        var (weight, bias) = unit.Fold();
        var folded = nn.functional.conv2d(image, tensor(weight, unit.Weight.shape), tensor(bias), strides: [unit.Stride, unit.Stride], padding: [unit.Padding, unit.Padding]);
        var expected = unit.forward(image);
        Assert.Equal(expected.shape, folded.shape);
        Networks.AssertClose(Values(expected), Values(folded), 1e-5f);
    }

    [Fact]
    public void Forward_Training_NormalisesEveryChannel()
    {
        random.manual_seed(3);
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var unit = new ConvolutionUnit("unit", 3, 5, 3, 1);
        var output = unit.forward((rand(4, 3, 16, 16) * 7) + 2);
        Assert.All(Values(output.mean([0, 2, 3])), mean => Assert.Equal(0, mean, 1e-4));
        Assert.All(Values(output.var([0, 2, 3], unbiased: false)), variance => Assert.Equal(1, variance, 1e-3));
    }

    private static float[] Values(Tensor tensor) => tensor.contiguous().data<float>().ToArray();
}
