using System.Globalization;
using System.Xml.Linq;
using MLNetTransfer.Reporting;

namespace MLNetTransfer.Tests.Reporting;

/// <summary>Curves of a report, read back out of the SVG that shows them.</summary>
public sealed class ReportCurveTests
{
    private const double Left = 54, Top = 10, Side = 290;

    [Fact]
    public void Render_NumbersFrom0To1_PlacesPointsAndBandByTheirValues()
    {
        // From .43 to .87: the axis runs from .4 to .9.
        var svg = Plot(Curve(null, new CurveLine("frozen", [new(0.25, 0.5, 0.43, 0.6), new(1, 0.8, 0.7, 0.87)])));

        Assert.Equal([(Left + (0.25 * Side), At(0.5)), (Left + Side, At(0.8))], PointsOf(svg.Descendants("polyline").Single()));
        Assert.Equal([(Left + (0.25 * Side), At(0.6)), (Left + Side, At(0.87)), (Left + Side, At(0.7)), (Left + (0.25 * Side), At(0.43))], PointsOf(svg.Descendants("polygon").Single()));
        Assert.Equal(["0.0", "0.4", "0.2", "0.5", "0.4", "0.6", "0.6", "0.7", "0.8", "0.8", "1.0", "0.9"], Texts(svg).Take(12));

        static double At(double value) => Math.Round(Top + (0.9 - value) / 0.5 * Side, 2);
    }

    [Fact]
    public void Render_NamedTicks_StandAtEqualDistancesUnderTheirPoints()
    {
        var svg = Plot(Curve(["1", "2", "all"], new CurveLine("frozen", [new(0, 0.5, 0.5, 0.5), new(1, 0.6, 0.6, 0.6), new(2, 0.9, 0.9, 0.9)])));

        var ticks = svg.Descendants("text").Where(text => (string?)text.Attribute("class") is null && (string?)text.Attribute("text-anchor") == "middle").ToList();
        Assert.Equal(["1", "2", "all"], ticks.Select(tick => tick.Value));
        Assert.Equal(ticks.Select(tick => Number(tick, "x")), PointsOf(svg.Descendants("polyline").Single()).Select(point => point.X));
        Assert.Equal(Number(ticks[1], "x") - Number(ticks[0], "x"), Number(ticks[2], "x") - Number(ticks[1], "x"), 0.02);
    }

    [Fact]
    public void Render_OneTick_HasAPlace()
    {
        var svg = Plot(Curve(["8"], new CurveLine("frozen", [new(0, 0.5, 0.4, 0.6)])));

        Assert.Equal(Left + (Side / 2), PointsOf(svg.Descendants("polyline").Single()).Single().X);
        Assert.DoesNotContain("NaN", svg.ToString());
        Assert.DoesNotContain("∞", svg.ToString());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(0.5, 0.5)]
    [InlineData(0, 1)]
    public void Render_AnyRangeOfValues_StaysInsideTheFrame(double low, double high)
    {
        var svg = Plot(Curve(null, new CurveLine("frozen", [new(0, low, low, low), new(1, high, high, high)])));

        Assert.All(svg.Descendants("polyline").Concat(svg.Descendants("polygon")).SelectMany(PointsOf), point =>
        {
            Assert.InRange(point.X, Left, Left + Side);
            Assert.InRange(point.Y, Top, Top + Side);
        });
    }

    [Fact]
    public void Render_SinglePoints_HaveWhiskerAndText()
    {
        var curve = Curve(null, new CurveLine("frozen", [new(0, 0.5, 0.4, 0.6), new(1, 0.5, 0.4, 0.6)]), (new CurvePoint(0.5, 0.7, 0.65, 0.8), "all, trained from <stage3>"));

        var svg = Plot(curve);

        var (dot, whisker) = (svg.Descendants("circle").Single(), svg.Descendants("line").Single());
        Assert.Equal("all, trained from <stage3>", dot.Element("title")!.Value);
        Assert.Equal(Left + (Side / 2), Number(dot, "cx"), 0.01);
        Assert.Equal(Number(dot, "cx"), Number(whisker, "x1"));
        Assert.True(Number(whisker, "y2") < Number(dot, "cy") && Number(dot, "cy") < Number(whisker, "y1"));
    }

    [Fact]
    public void Render_OneLine_NeedsNoLegendAndSeveralHaveOne()
    {
        var line = new CurveLine("frozen", [new(0, 0.5, 0.4, 0.6), new(1, 0.5, 0.4, 0.6)]);

        Assert.Empty(Section(Curve(null, line)).Descendants("span"));
        var several = new ReportCurve { Title = "t", Meaning = "m", XLabel = "x", YLabel = "y", Lines = [line, line with { Name = "<b>" }] };
        Assert.Equal([("key line-1", "frozen"), ("key line-2", "<b>")], Section(several).Descendants("span").Select(key => ((string)key.Attribute("class")!, key.Value)));
    }

    private static ReportCurve Curve(IReadOnlyList<string>? ticks, CurveLine line, params (CurvePoint, string)[] points) =>
        new() { Title = "a & b", Meaning = "How to read it.", XLabel = "photos", YLabel = "accuracy", Ticks = ticks, Lines = [line], Points = points };

    private static XElement Section(ReportCurve curve)
    {
        var html = HtmlReport.Render(new() { Title = "curves", Curves = [curve] });
        var start = html.IndexOf("<section>", StringComparison.Ordinal);
        return XElement.Parse(html[start..(html.IndexOf("</section>", start, StringComparison.Ordinal) + "</section>".Length)]);
    }

    private static XElement Plot(ReportCurve curve)
    {
        var section = Section(curve);
        Assert.Equal("a & b", section.Element("h2")!.Value);
        var svg = section.Descendants("svg").Single();
        Assert.Contains("photos", Texts(svg));
        Assert.Contains("accuracy", Texts(svg));
        return svg;
    }

    private static IEnumerable<string> Texts(XElement svg) => svg.Descendants("text").Select(text => text.Value);

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    private static IEnumerable<(double X, double Y)> PointsOf(XElement shape) => shape.Attribute("points")!.Value.Split(' ')
        .Select(point => point.Split(',').Select(value => double.Parse(value, CultureInfo.InvariantCulture)).ToArray()).Select(pair => (pair[0], pair[1]));
}
