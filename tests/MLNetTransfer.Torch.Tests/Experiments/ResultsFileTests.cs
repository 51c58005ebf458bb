using MLNetTransfer.TestSupport;
using MLNetTransfer.Torch.Experiments;

namespace MLNetTransfer.Torch.Tests.Experiments;

public sealed class ResultsFileTests : IDisposable
{
    private static readonly string[] Entropy = ["entropy"];
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("x.results.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Find_WhatWasAdded_IsTheSameToTheBit()
    {
        var outcome = new CandidateOutcome
        {
            Predicted = [2, 0, 1],
            Unlabelled = new FeatureMatrix(2, 2, [.1f, 1 / 3f, float.Epsilon, 1]),
            Scores = new Dictionary<string, (double?, string?)> { ["entropy"] = (-1 / 3d, null), ["iwv"] = (null, "\"hardly\"\noverlap: ä") },
        };
        Write(("a", outcome), ("b", new CandidateOutcome { Refusal = "no" }));

        using var results = new ResultsFile(Path);
        var found = results.Find("a", Entropy)!;

        Assert.Equal(outcome.Predicted, found.Predicted);
        Assert.Equal((2, 2), (found.Unlabelled!.Rows, found.Unlabelled.Columns));
        Assert.Equal(outcome.Unlabelled.Row(0), found.Unlabelled.Row(0));
        Assert.Equal(outcome.Unlabelled.Row(1), found.Unlabelled.Row(1));
        Assert.Equal(outcome.Scores, found.Scores);
        Assert.Null(found.Refusal);
        Assert.Equal("no", results.Find("b", Entropy)!.Refusal);
        Assert.Null(results.Find("c", Entropy));
    }

    [Fact]
    public void Find_AnotherScorerThanWasAsked_IsComputedAgainAndTheLastLineCounts()
    {
        Write(("a", Outcome(1)));

        using (var results = new ResultsFile(Path))
        {
            Assert.NotNull(results.Find("a", Entropy));
            Assert.Null(results.Find("a", ["snd"]));
            results.Add("a", [], Outcome(7));
        }

        using var again = new ResultsFile(Path);
        Assert.Equal([7], again.Find("a", Entropy)!.Predicted);
    }

    /// <summary>At every length that a killed run can leave behind.</summary>
    [Fact]
    public void Add_BehindATornLine_LosesThatLineAlone()
    {
        Write(("a", Outcome(1)), ("b", Outcome(2)));
        var whole = File.ReadAllBytes(Path);

        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Path, whole[..length]);
            // A line that lacks its end alone is whole.
            var isThere = length >= Array.IndexOf(whole, (byte)'\n', Array.IndexOf(whole, (byte)'\n') + 1);
            var isAll = length == whole.Length - 1;
            using (var results = new ResultsFile(Path))
            {
                Assert.Equal(isThere, results.Find("a", Entropy) is not null);
                Assert.Equal(isAll, results.Find("b", Entropy) is not null);
                results.Add("c", [], Outcome(3));
            }
            using var again = new ResultsFile(Path);
            Assert.Equal(isThere, again.Find("a", Entropy) is not null);
            Assert.Equal([3], again.Find("c", Entropy)!.Predicted);
        }
    }

    [Theory]
    [InlineData("\"predicted\":[1]", "\"predicted\":[0]")]
    [InlineData("\"key\":\"a\"", "\"key\":\"b\"")]
    [InlineData("-0.5", "-0.25")]
    [InlineData("\"check\":\"", "\"check\":\"0")]
    public void Find_AnAlteredLine_IsNotBelieved(string before, string after)
    {
        Write(("a", Outcome(1)));
        File.WriteAllText(Path, File.ReadAllText(Path).Replace(before, after));

        using var results = new ResultsFile(Path);

        Assert.Null(results.Find("a", Entropy));
        Assert.Null(results.Find("b", Entropy));
    }

    [Theory]
    [InlineData("# Notes\n\nnothing to do with it\n")]
    [InlineData("no end of line")]
    [InlineData("{\"mlnettransfer\":\"experiment results\",\"format\":2}\n")]
    public void Open_AFileOfSomethingElse_IsRefusedAndLeftAlone(string text)
    {
        File.WriteAllText(Path, text);

        Assert.Contains("holds something else", Assert.Throws<TransferException>(() => new ResultsFile(Path)).Message);
        Assert.Equal(text, File.ReadAllText(Path));
    }

    [Fact]
    public void Add_WhileAnotherRunWrites_IsRefused()
    {
        using var first = new ResultsFile(Path);
        first.Add("a", [], Outcome(1));

        Assert.Contains("one run", Assert.Throws<TransferException>(() => new ResultsFile(Path)).Message);
    }

    private static CandidateOutcome Outcome(int label) => new() { Predicted = [label], Scores = new Dictionary<string, (double?, string?)> { ["entropy"] = (-.5, null) } };

    private void Write(params (string Key, CandidateOutcome Outcome)[] records)
    {
        using var results = new ResultsFile(Path);
        foreach (var (key, outcome) in records)
            results.Add(key, [("method", "coral")], outcome);
    }
}
