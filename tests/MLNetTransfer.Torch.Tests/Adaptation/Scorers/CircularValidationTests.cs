using MLNetTransfer.Torch.Adaptation.Methods;
using MLNetTransfer.Torch.Adaptation.Scorers;

namespace MLNetTransfer.Torch.Tests.Adaptation.Scorers;

[Collection(TorchCollection.Name)]
public sealed class CircularValidationTests
{
    [Fact]
    public void Score_SameDomainFarApart_IsOne()
    {
        var domain = Problems.Domain(60, 6, "far", distance: 12);

        Assert.Equal(1, new CircularValidation().Score(Trials.Of(new SourceOnly(), Problems.Of(new SourceOnly(), domain, domain))), 1e-12);
    }

    [Fact]
    public void Score_OneClassPredicted_IsZero() => Assert.Equal(0, new CircularValidation().Score(Trials.Constant(1, 0, 0)));
}
