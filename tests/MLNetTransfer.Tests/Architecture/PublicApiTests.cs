using MLNetTransfer.TestSupport;
using MLNetTransfer.Transfer;
using PublicApiGenerator;

namespace MLNetTransfer.Tests.Architecture;

public sealed class PublicApiTests
{
    [Fact]
    public void PublicApi_OfTheCore_IsTheGoldenFile()
    {
        var golden = Repository.Path("tests", "MLNetTransfer.Tests", "Architecture", "MLNetTransfer.api.txt");

        var api = typeof(TransferTrainer).Assembly.GeneratePublicApi(new() { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n");

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(golden, api);
        Assert.True(File.ReadAllText(golden) == api,
            $"The public API differs from {golden}. If the change is wanted, run this test once with UPDATE_GOLDEN=1 in the environment, read the difference as its users will, and commit it.");
    }
}
