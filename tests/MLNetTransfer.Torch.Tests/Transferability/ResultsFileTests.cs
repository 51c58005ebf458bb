using MLNetTransfer.Benchmarks.Transferability;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Torch.Tests.Transferability;

public sealed class ResultsFileTests
{
    [Fact]
    public void Add_EveryNetworkFromSeveralThreads_ReadsBack()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("results.csv");
        NetworkResult[] results = [.. NetworkRun.Of(Similarity.Similar, 1).Concat(NetworkRun.Of(Similarity.Dissimilar, 12))
            .Select((run, i) => new NetworkResult(run, i / 64.0, 1.5, 12.5, i % 2 == 0 ? "one" : "two"))];
        Parallel.ForEach(results, result => new ResultsFile(path).Add(result));
        Assert.Equal(results.ToHashSet(), new ResultsFile(path).Read().ToHashSet());
        Assert.Equal(results.Where(result => result.Plan == "one").ToHashSet(), new ResultsFile(path).Read("one").ToHashSet());
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Add_AfterALineThatWasCutOff_ReplacesIt()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("results.csv");
        var (first, second) = (Result(Arm.BaseA), Result(Arm.BaseB));
        var file = new ResultsFile(path);
        file.Add(first);
        File.AppendAllText(path, second.ToLine()[..20]);
        Assert.Equal([first], file.Read());
        file.Add(second);
        Assert.Equal($"{NetworkResult.Header}\n{first.ToLine()}\n{second.ToLine()}\n", File.ReadAllText(path));

        static NetworkResult Result(Arm arm) => new(new NetworkRun(Similarity.Similar, 1, arm, 0), 0.25, 1.5, 12.5, "one");
    }

    [Fact]
    public void Read_NoFile_HasNothing()
    {
        using var folder = new TemporaryFolder();
        Assert.Empty(new ResultsFile(folder.File("none.csv")).Read());
    }

    [Fact]
    public void Parse_OtherLine_SaysWhatToDo() =>
        Assert.Contains("Delete the line", Assert.Throws<TransferException>(() => NetworkResult.Parse("Similar,1,BaseA")).Message, StringComparison.Ordinal);
}
