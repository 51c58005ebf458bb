using MLNetTransfer.Torch.Adaptation.Methods;
using MLNetTransfer.Torch.Adaptation.Scorers;

namespace MLNetTransfer.Torch.Tests.Adaptation.Scorers;

[Collection(TorchCollection.Name)]
public sealed class ImportanceWeightedTests
{
    [Fact]
    public void Score_SameDomain_IsMinusTheErrorOnHeldOutImages()
    {
        var domain = Problems.Domain(300, 6, "near", distance: 2);
        var trial = Trials.Of(new SourceOnly(), Problems.Of(new SourceOnly(), domain, domain));
        var accuracy = Problems.Accuracy(trial.Model, Problems.Domain(3000, 6, "new", distance: 2));

        // 60 images are held out: two deviations of their error are .1.
        Assert.Equal(accuracy - 1, new ImportanceWeighted().Score(trial), .12);
    }

    [Fact]
    public void Score_FarApart_IsZero()
    {
        var domain = Problems.Domain(60, 6, "far", distance: 12);

        Assert.Equal(0, new ImportanceWeighted().Score(Trials.Of(new SourceOnly(), Problems.Of(new SourceOnly(), domain, domain))), 1e-12);
    }
}
