using MLNetTransfer.TestSupport;
using MLNetTransfer.Torch.Pretraining;
using PublicApiGenerator;

namespace MLNetTransfer.Torch.Tests.Architecture;

public sealed class PublicApiTests
{
    [Fact]
    public void PublicApi_OfTheTorchAssembly_IsTheGoldenFile()
    {
        var golden = Repository.Path("tests", "MLNetTransfer.Torch.Tests", "Architecture", "MLNetTransfer.Torch.api.txt");

        var api = typeof(Pretrainer).Assembly.GeneratePublicApi(new() { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n");

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(golden, api);
        Assert.True(File.ReadAllText(golden) == api,
            $"The public API differs from {golden}. If the change is wanted, run this test once with UPDATE_GOLDEN=1 in the environment, read the difference as its users will, and commit it.");
    }
}
