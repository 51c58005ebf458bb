using System.Text;
using MLNetTransfer.Explanation;
using MLNetTransfer.Reporting;
using MLNetTransfer.Tests.Transfer;
using MLNetTransfer.TestSupport;
using SkiaSharp;

namespace MLNetTransfer.Tests.Reporting;

public sealed class ReportExplanationTests(TrainedTask task) : IClassFixture<TrainedTask>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Render_Explanations_AreSortedByWhetherTheyAreRight()
    {
        using var explainer = ImageExplainer.Load(task.ModelPath);
        ReportExplanation[] explanations = [.. task.TestPaths.Take(2).Select(path => explainer.Explain(path)).Zip(["dots", "stripes"], (explanation, actual) => new ReportExplanation(explanation, actual))];
        Assert.All(explanations, explanation => Assert.Equal("dots", explanation.Image.Predicted));
        var html = HtmlReport.Render(new() { Title = "explained", Explanations = explanations });
        var right = html.IndexOf("Predicted right", StringComparison.Ordinal);
        var wrong = html.IndexOf("Predicted wrong", StringComparison.Ordinal);
        Assert.InRange(html.IndexOf(Convert.ToBase64String(explanations[0].Jpeg), StringComparison.Ordinal), right, wrong);
        Assert.InRange(html.IndexOf(Convert.ToBase64String(explanations[1].Jpeg), StringComparison.Ordinal), wrong, html.Length);
        Assert.Contains("Class activation maps", html);
        using var picture = SKBitmap.Decode(explanations[0].Jpeg.ToArray());
        Assert.Equal((72, 72), (picture.Width, picture.Height));
    }

    [Fact]
    public void Render_NoExplanation_HasNoSection() =>
        Assert.DoesNotContain("What the decisions rest on", HtmlReport.Render(new() { Title = "plain" }));

    [Fact]
    public void Render_HostileNames_AreEscaped()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows allows no such file name.");
        var path = _folder.File("<script>&\".png");
        File.Copy(task.TestPaths[0], path);
        using var explainer = ImageExplainer.Load(task.ModelPath);
        var explanation = explainer.Explain(path, new ExplanationOptions { Method = ExplanationMethod.Occlusion });
        var html = HtmlReport.Render(new() { Title = "hostile", Explanations = [new(explanation, "<script>")] });
        Assert.DoesNotContain("<script", html);
        Assert.Contains("Occlusion: how much", html);
        Assert.True(Encoding.UTF8.GetByteCount(html) > explanation.Overlay(264).Length);
    }
}
