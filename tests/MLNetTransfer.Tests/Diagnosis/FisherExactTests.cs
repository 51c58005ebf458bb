using MLNetTransfer.Diagnosis;

namespace MLNetTransfer.Tests.Diagnosis;

public sealed class FisherExactTests
{
    // scipy 1.10: fisher_exact.
    [Theory]
    [InlineData(8, 10, 1, 6, 0.034965034965034975)]
    [InlineData(0, 30, 28, 30, 8.38797201050379e-15)]
    [InlineData(3, 10, 30, 100, 1)]
    [InlineData(0, 5, 0, 7, 1)]
    public void PValue_ATable_IsScipys(int with, int of, int otherWith, int otherOf, double expected) =>
        Assert.Equal(1, FisherExact.PValue(with, of, otherWith, otherOf) / expected, 1e-6);
}
