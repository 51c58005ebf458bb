using System.Globalization;
using System.Xml.Linq;
using MLNetTransfer.Evaluation;
using MLNetTransfer.Reporting;

namespace MLNetTransfer.Tests.Reporting;

/// <summary>Bars and points of a report, read back out of the SVG that shows them.</summary>
public sealed class ReportBarsTests
{
    private const double Left = 190, Right = 790;

    [Fact]
    public void Render_Bars_AreAsLongAsTheirShares()
    {
        var svg = Section(new ReportContent
        {
            Title = "x",
            Bars = [new ReportBars { Title = "a & b", Meaning = "m", Label = "percent right", Bars = [("coral", .7, new Interval(.6, .8)), ("<tca>", .5, new Interval(.43, .6))], Lines = [("none", .55), ("oracle", 1)] }],
        }).Descendants("svg").Single();

        var bars = svg.Descendants("rect").ToArray();
        Assert.Equal([.7 * (Right - Left), .5 * (Right - Left)], bars.Select(bar => Number(bar, "width")), (one, other) => Math.Abs(one - other) < .02);
        Assert.All(bars, bar => Assert.Equal(Left, Number(bar, "x")));
        var whiskers = svg.Descendants("path").Where(path => (string?)path.Attribute("class") == "whisker").Select(Ends).ToArray();
        Assert.Equal(At(.6), whiskers[0].From, .02);
        Assert.Equal(At(.8), whiskers[0].To, .02);
        var lines = svg.Descendants("path").Where(path => (string?)path.Attribute("class") == "diagonal").Select(path => Ends(path).From).ToArray();
        Assert.Equal(At(.55), lines[0], .02);
        Assert.Equal(At(1), lines[1], .02);
        Assert.All(["coral", "<tca>", "70.0", "50.0", "none 55.0", "oracle 100.0", "0", "40", "100", "percent right"], text => Assert.Contains(text, svg.Descendants("text").Select(found => found.Value)));

        static double At(double share) => Left + (share * (Right - Left));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Render_ABarAtTheEnd_StaysInside(double share)
    {
        var svg = Section(new ReportContent { Title = "x", Bars = [new ReportBars { Title = "t", Meaning = "m", Label = "l", Bars = [("coral", share, new Interval(share, share))] }] }).Descendants("svg").Single();

        Assert.InRange(Number(svg.Descendants("rect").Single(), "width"), 0, Right - Left);
    }

    [Fact]
    public void Render_Scatter_PlacesPointsBetweenRoundNumbers()
    {
        var section = Section(new ReportContent
        {
            Title = "x",
            Scatters =
            [
                new ReportScatter
                {
                    Title = "t",
                    Meaning = "m",
                    Plots = [new ScatterPlot { Title = "Before", XLabel = "first", YLabel = "second", Points = [new(-1.2, 3), new(3.4, 7, Colour: 1, IsHollow: true, Text: "a -> <b>")] }],
                    Colours = ["dots", "stripes"],
                    Fills = ("source", "target"),
                },
            ],
        });

        // Five steps of 1.2: -1.2 to 4.8, over 290 pixels; five of 1: 3 to 8.
        var points = section.Descendants("circle").ToArray();
        Assert.Equal(54, Number(points[0], "cx"), .02);
        Assert.Equal(54 + (4.6 / 6 * 290), Number(points[1], "cx"), .02);
        Assert.Equal(10 + 290, Number(points[0], "cy"), .02);
        Assert.Equal(10 + (290 / 5d), Number(points[1], "cy"), .02);
        Assert.Equal(["point-0", "point-1 hollow"], points.Select(point => (string?)point.Attribute("class")));
        Assert.Contains("a -> <b>", section.Descendants("text").Select(text => text.Value));
        Assert.Equal(["dots", "stripes", "source", "target"], section.Descendants("span").Select(span => span.Value));
    }

    [Fact]
    public void Render_OnePoint_HasAPlace()
    {
        var section = Section(new ReportContent { Title = "x", Scatters = [new ReportScatter { Title = "t", Meaning = "m", Plots = [new ScatterPlot { Title = "p", XLabel = "x", YLabel = "y", Points = [new(2, 2)] }] }] });

        var point = section.Descendants("circle").Single();
        Assert.InRange(Number(point, "cx"), 54, 344);
        Assert.InRange(Number(point, "cy"), 10, 300);
    }

    private static XElement Section(ReportContent content)
    {
        var html = HtmlReport.Render(content);
        var start = html.IndexOf("<section>", StringComparison.Ordinal);
        return XElement.Parse(html[start..(html.IndexOf("</section>", start, StringComparison.Ordinal) + "</section>".Length)]);
    }

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    private static (double From, double To) Ends(XElement path)
    {
        var text = path.Attribute("d")!.Value;
        var from = double.Parse(text[1..text.IndexOf(' ')], CultureInfo.InvariantCulture);
        return (from, text.IndexOf('H') is > 0 and var to ? double.Parse(text[(to + 1)..], CultureInfo.InvariantCulture) : from);
    }
}
