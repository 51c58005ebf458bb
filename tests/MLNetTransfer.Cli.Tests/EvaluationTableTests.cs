using MLNetTransfer.Evaluation;
using Spectre.Console;

namespace MLNetTransfer.Cli.Tests;

public sealed class EvaluationTableTests
{
    [Fact]
    public void Create_TwoEvaluationsIn80Columns_FitWithoutBreakingALine()
    {
        var result = Result(["dots", "stripes"]);
        var lines = Render(EvaluationTable.Create(("cross-validation", result), ("formula-resnet", result)), 80);
        // A heading, a rule and one line a figure: nothing wrapped.
        Assert.Equal(12, lines.Length);
        Assert.Contains(lines, line => line.Contains("95 % interval") && line.Split(" to ").Length == 3);
    }

    [Fact]
    public void Confusion_ThatFits_ShowsEveryCount()
    {
        var lines = Render(EvaluationTable.Confusion(Result(["[x]", "b"]).Confusion, 80), 80);
        Assert.Equal(4, lines.Length);
        Assert.Matches(@"actual \\ predicted +\[x\] +b", lines[0]);
        Assert.Matches(@"\[x\] +1 +1", lines[2]);
        Assert.Matches(@"b +0 +2", lines[3]);
    }

    [Fact]
    public void Confusion_ThatDoesNotFit_ShowsTheMostConfusedClasses()
    {
        string[] classes = [.. Enumerable.Range(10, 20).Select(i => $"class number {i}")];
        var lines = Render(EvaluationTable.Confusion(Result(classes).Confusion, 80), 80);
        Assert.Equal(3, lines.Length);
        Assert.Matches(@"class number 10 +class number 11 +1", lines[2]);
    }

    /// <summary>Two images of the first class, the second of them taken for the next class, and two of that one.</summary>
    private static EvaluationResult Result(string[] classes)
    {
        int[] actual = [0, 0, 1, 1];
        int[] predicted = [0, 1, 1, 1];
        var probabilities = new float[4 * classes.Length];
        for (var i = 0; i < 4; i++)
            probabilities[(i * classes.Length) + predicted[i]] = 1;
        return Evaluator.Evaluate(classes, classes.Length == 2 ? classes[1] : null, actual, new FeatureMatrix(4, classes.Length, probabilities));
    }

    private static string[] Render(Table table, int width)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = width;
        console.Write(table);
        return writer.ToString().ReplaceLineEndings("\n").Split('\n').Where(line => !string.IsNullOrWhiteSpace(line)).ToArray();
    }
}
