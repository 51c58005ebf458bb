using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Cli.Tests;

public sealed class RunnerTests
{
    [Theory]
    [InlineData("help.txt", "--help")]
    [InlineData("train-help.txt", "train", "--help")]
    [InlineData("layers-help.txt", "layers", "--help")]
    [InlineData("curve-help.txt", "curve", "--help")]
    [InlineData("adapt-help.txt", "adapt", "--help")]
    [InlineData("experiment-help.txt", "experiment", "--help")]
    [InlineData("predict-help.txt", "predict", "--help")]
    [InlineData("rank-help.txt", "backbones", "rank", "--help")]
    [InlineData("describe-help.txt", "backbones", "describe", "--help")]
    public void Run_Help_IsTheGoldenText(string golden, params string[] args)
    {
        var run = CliRun.Of(args);
        Assert.Equal(0, run.Code);
        Assert.Empty(run.Error);
        var path = Repository.Path("tests", "MLNetTransfer.Cli.Tests", "Golden", golden);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(path, run.Output);
        Assert.Equal(File.ReadAllText(path), run.Output);
    }

    [Fact]
    public void Run_NoArguments_ShowsHelpAsAMessageAndExits2()
    {
        var run = CliRun.Of();
        Assert.Equal(2, run.Code);
        Assert.Empty(run.Output);
        Assert.Equal(CliRun.Of("--help").Output, run.Error);
    }

    [Fact]
    public void Run_UnknownCommand_IsNamedAlone()
    {
        var run = CliRun.Of("trian", "--data", "x");
        Assert.Equal(2, run.Code);
        Assert.Empty(run.Output);
        Assert.Contains("'trian'", run.Messages[0]);
        Assert.DoesNotContain("Required command", run.Error);
        Assert.Equal("'mlnettransfer --help' lists what is possible.", run.Messages[^1]);
    }

    [Theory]
    [InlineData("demo")]
    [InlineData("train")]
    [InlineData("layers")]
    [InlineData("curve")]
    [InlineData("evaluate")]
    [InlineData("predict")]
    [InlineData("export")]
    [InlineData("features")]
    [InlineData("diagnose")]
    [InlineData("adapt")]
    [InlineData("experiment")]
    [InlineData("backbones")]
    [InlineData("pretrain")]
    [InlineData("surfaces")]
    public void Run_HelpOfACommand_DescribesEveryOption(string command)
    {
        var run = CliRun.Of(command, "--help");
        Assert.Equal(0, run.Code);
        Assert.All(run.Output.Split('\n').Where(line => line.StartsWith("  -")), line => Assert.Matches(@"^  -.*\S  +\S", line));
    }

    [Fact]
    public void Run_Version_IsPrintedOnTheOutput()
    {
        var run = CliRun.Of("--version");
        Assert.Equal(0, run.Code);
        Assert.Empty(run.Error);
        Assert.Matches(@"^\d+\.\d+\.\d+", run.Output);
    }

    [Fact]
    public void Run_EveryCommand_IsInTheContract()
    {
        var lines = CliRun.Of("--help").Output.Split('\n');
        var commands = lines.SkipWhile(line => line != "Commands:").Skip(1).TakeWhile(line => line.Length > 0)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]);
        Assert.Equal(["demo", "train", "layers", "curve", "evaluate", "predict", "export", "features", "diagnose", "adapt", "experiment", "backbones", "pretrain", "surfaces"], commands);
    }
}
