using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Cli.Tests.Commands;

public sealed class BackbonesRankCommandTests(Photos photos) : IClassFixture<Photos>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rank_Json_IsEveryCutBestFirst()
    {
        var run = Run("--backbone", photos.Backbone, "embedded", "--cuts", "--json");
        Assert.Equal(0, run.Code);
        Assert.Empty(run.Error);
        Assert.Equal(["images", "ranking", "skipped"], CliRun.Names(run.Json));
        Assert.Equal(24, (int)run.Json["images"]!);
        var ranking = run.Json["ranking"]!.AsArray();
        Assert.Equal(["backbone", "cut", "dimensions", "multiplyAdds", "logMe", "hScore"], CliRun.Names(ranking[0]));
        Assert.Equal(["formula-resnet", "tiny"], ranking.Select(cut => (string)cut!["backbone"]!).Distinct().Order());
        Assert.Equal(ranking.Select(cut => (double)cut!["logMe"]!).OrderDescending(), ranking.Select(cut => (double)cut!["logMe"]!));
        Assert.Contains("stage1", ranking.Select(cut => (string)cut!["cut"]!));
    }

    [Fact]
    public void Rank_NoBackbone_RanksWhatIsAtHand()
    {
        var run = Run();
        Assert.Equal(0, run.Code);
        Assert.Matches(@"backbone +cut +features +multiply-adds +LogME +H-score", run.Output);
        Assert.Matches(@"formula-resnet +all +\d+ +\d+(\.\d+)? M +-?\d\.\d{4} +\d\.\d{3}", run.Output);
        Assert.Contains("From 24 images", run.Output);
    }

    [Fact]
    public void Rank_TheSameBackboneTwice_IsRankedOnce() =>
        Assert.Single(Run("--backbone", "embedded", "--backbone", "formula-resnet", "--json").Json["ranking"]!.AsArray());

    [Fact]
    public void Rank_ABadImage_IsSkippedAndTold()
    {
        Drawings.WriteSet(_folder.Path, 4, seed: 9, "dots", "stripes");
        File.WriteAllText(_folder.File("dots", "bad.png"), "no picture");
        var run = CliRun.Of("backbones", "rank", "--data", _folder.Path, "--backbone", photos.Backbone, "--json");
        Assert.Equal(3, run.Code);
        Assert.Equal(8, (int)run.Json["images"]!);
        Assert.Single(run.Json["skipped"]!.AsArray());
        Assert.Contains("bad.png", Assert.Single(run.Messages));
    }

    [Fact]
    public void Rank_OneClassOrUnknownBackbone_IsRefused()
    {
        Drawings.WriteSet(_folder.Path, 2, seed: 9, "dots");
        CliRun.Of("backbones", "rank", "--data", _folder.Path).AssertRefused("2 or more classes");
        Run("--backbone", "nowhere.onnx").AssertRefused("nowhere.onnx");
    }

    private CliRun Run(params string[] args) => CliRun.Of(["backbones", "rank", "--data", photos.Train, .. args]);
}
