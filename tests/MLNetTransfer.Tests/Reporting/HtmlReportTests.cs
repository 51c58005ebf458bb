using System.Text.RegularExpressions;
using MLNetTransfer.Evaluation;
using MLNetTransfer.Reporting;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Tests.Reporting;

public sealed class HtmlReportTests
{
    // What HtmlBuilder must keep from becoming markup.
    private const string Hostile = "<script>alert('x')</script>&\"";

    [Fact]
    public void Render_SmallExample_IsTheGoldenFile()
    {
        var golden = Repository.Path("tests", "MLNetTransfer.Tests", "Reporting", "example-report.html");
        using TemporaryFolder folder = new();
        var actual = folder.File("report.html");

        HtmlReport.Write(actual, SmallExample());

        var html = File.ReadAllText(actual);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(golden, html);
        Assert.True(File.ReadAllText(golden) == html,
            $"The report differs from {golden}. If the change is wanted, run this test once with UPDATE_GOLDEN=1 in the environment, look at the file in a browser and commit it.");
    }

    [Fact]
    public void Render_Page_LoadsNothingAndRunsNothing()
    {
        var html = HtmlReport.Render(SmallExample());

        Assert.DoesNotMatch(new Regex("<script|<link|<iframe|@import|url\\(|https?:|\\son\\w+=", RegexOptions.IgnoreCase), html);
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', html);
        Assert.DoesNotContain('\uFEFF', html);
    }

    [Fact]
    public void Render_HostileNames_AreEscapedEverywhere()
    {
        var evaluation = Evaluator.Evaluate([Hostile, "b"], Hostile, [0, 1, 0], new(3, 2, [.9f, .1f, .3f, .7f, .2f, .8f]));
        ReportContent content = new()
        {
            Title = Hostile,
            Verdict = Hostile,
            Evaluations = [new(Hostile, evaluation, [new(Hostile, Hostile, Hostile, .8)])],
            Facts = [new(Hostile, Hostile)],
            Skipped = [new(Hostile, Hostile)],
        };

        var html = HtmlReport.Render(content);

        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("alert('", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;", html, StringComparison.Ordinal);
    }

    // An XML parser as the judge of the structure: every element that is opened is closed, every attribute quoted, every text escaped.
    [Fact]
    public void Render_Page_IsWellFormed()
    {
        var html = HtmlReport.Render(SmallExample());
        var body = html[html.IndexOf("<body>", StringComparison.Ordinal)..html.IndexOf("</html>", StringComparison.Ordinal)];

        var root = System.Xml.Linq.XElement.Parse(Regex.Replace(body, "<img([^>]*)>", "<img$1/>"));

        Assert.Equal(4, root.Descendants("svg").Count());
        Assert.Equal(["Figures", "Held-out test", "Cross-validation", "How it was made", "Skipped images (2)"], root.Descendants("h2").Select(heading => heading.Value));
    }

    [Fact]
    public void Render_ManyClasses_HasNoRocCurve()
    {
        var result = Evaluator.Evaluate(["a", "b", "c"], null, [0, 1, 2], new(3, 3, [.8f, .1f, .1f, .1f, .8f, .1f, .5f, .3f, .2f]));

        var html = HtmlReport.Render(new() { Title = "three", Evaluations = [new("test", result, [])] });

        Assert.DoesNotContain("ROC curve", html, StringComparison.Ordinal);
        Assert.Contains("Calibration", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Most wrong", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_OneClassOccurs_SaysThatTheAucIsUndefined()
    {
        var result = Evaluator.Evaluate(["a", "b"], "a", [0, 0], new(2, 2, [.8f, .2f, .3f, .7f]));

        Assert.Contains(">undefined<", HtmlReport.Render(new() { Title = "one", Evaluations = [new("test", result, [])] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_NothingEvaluated_SaysSo() =>
        Assert.Contains("Nothing was evaluated.", HtmlReport.Render(new() { Title = "empty" }), StringComparison.Ordinal);

    [Fact]
    public void Write_ExistingFile_IsReplacedAndNothingElseIsLeft()
    {
        using TemporaryFolder folder = new();
        var path = folder.File("report.html");
        File.WriteAllText(path, "old");

        HtmlReport.Write(path, new() { Title = "new" });

        Assert.Contains("<title>new</title>", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Write_PlaceThatCannotBeWritten_ThrowsAndLeavesNothing()
    {
        using TemporaryFolder folder = new();
        var occupied = folder.File("report.html", "inside");

        Assert.Throws<TransferException>(() => HtmlReport.Write(Path.GetDirectoryName(occupied)!, new() { Title = "x" }));
        Assert.Throws<TransferException>(() => HtmlReport.Write(Path.Combine(folder.Path, "nowhere", "report.html"), new() { Title = "x" }));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    private static ReportContent SmallExample()
    {
        string[] paths = [.. Enumerable.Range(0, 8).Select(i => $"photos/{i}.jpg")];
        int[] actual = [0, 0, 0, 0, 1, 1, 1, 1];
        FeatureMatrix test = Probabilities(.02f, .1f, .3f, .8f, .97f, .9f, .6f, .4f), validation = Probabilities(.1f, .1f, .2f, .4f, .9f, .9f, .3f, .7f);
        return new ReportContent
        {
            Title = "cracked or intact",
            Evaluations =
            [
                ReportEvaluation.Create("held-out test", Evaluator.Evaluate(["intact", "cracked"], "cracked", actual, test), paths, actual, test),
                ReportEvaluation.Create("cross-validation", Evaluator.Evaluate(["intact", "cracked"], "cracked", actual, validation), paths, actual, validation),
            ],
            Facts = [new("Backbone", "example-net"), new("Cut", "last (64 features)"), new("Seed", "1")],
            Skipped = [new("photos/empty.jpg", "The file is empty."), new("photos/notes.jpg", "The file is no image.")],
        };
    }

    private static FeatureMatrix Probabilities(params float[] positive) => new(positive.Length, 2, [.. positive.SelectMany(p => new[] { 1 - p, p })]);
}
