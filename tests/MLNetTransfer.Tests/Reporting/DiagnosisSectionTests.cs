using MLNetTransfer.Diagnosis;
using MLNetTransfer.Reporting;
using MLNetTransfer.Tests.Diagnosis;

namespace MLNetTransfer.Tests.Reporting;

public sealed class DiagnosisSectionTests
{
    [Fact]
    public void Write_TwoDomains_IsWellFormedWithTwoPlots()
    {
        var root = Body(Problems.Diagnose(Problems.Domain("source", 30, 1), Problems.Domain("target", 20, 2)));

        Assert.Equal(2, root.Descendants("svg").Count());
        Assert.Equal(30 + 20, root.Descendants("circle").Count());
        Assert.Equal(["Why", "Where the images lie", "How well they are told apart", "Most foreign"], root.Descendants().Where(tag => tag.Name.LocalName is "h2" or "h3").Select(tag => tag.Value));
    }

    [Fact]
    public void Write_TooFewImages_HasNoPlots()
    {
        var root = Body(Problems.Diagnose(Problems.Domain("source", 30, 1), Problems.Domain("target", 3, 2)));

        Assert.Empty(root.Descendants("svg"));
        Assert.Equal(["Why"], root.Descendants("h2").Select(tag => tag.Value));
    }

    [Fact]
    public void Write_HostileNames_AreEscaped()
    {
        const string Hostile = "<script>alert('x')</script>";
        var target = Problems.Domain("target", 20, 2).WithLabels(label => label + Hostile);

        var html = HtmlReport.Render(new() { Title = "x", Diagnosis = Problems.Diagnose(Problems.Domain("source", 30, 1), target with { Paths = [.. target.Paths.Select(path => path + Hostile)] }) });

        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
    }

    // An XML parser judges the structure, as for the rest of the report.
    private static System.Xml.Linq.XElement Body(DiagnosisResult diagnosis)
    {
        var html = HtmlReport.Render(new() { Title = "x", Verdict = "y", Diagnosis = diagnosis });
        return System.Xml.Linq.XElement.Parse(html[html.IndexOf("<body>", StringComparison.Ordinal)..html.IndexOf("</html>", StringComparison.Ordinal)]);
    }
}
