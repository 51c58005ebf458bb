using MLNetTransfer.Evaluation;
using Markup = MLNetTransfer.Reporting.HtmlBuilder.Markup;

namespace MLNetTransfer.Reporting;

/// <summary>
/// A square plot of one thing against another as inline SVG: frame, grid, ticks, labels, and the marks added to it. Colours come from the
/// page's style, by class.
/// </summary>
/// <param name="title">What the plot shows, read out by screen readers.</param>
/// <param name="xLabel">The label of the horizontal axis.</param>
/// <param name="yLabel">The label of the vertical axis.</param>
/// <param name="x">The range of the horizontal axis; ticks divide it in five.</param>
/// <param name="y">The range of the vertical axis; ticks divide it in five.</param>
/// <param name="names">The ticks of the horizontal axis, at equal distances; null for numbers.</param>
internal sealed class SvgPlot(string title, string xLabel, string yLabel, Interval x, Interval y, IReadOnlyList<string>? names = null)
{
    private const double Left = 54, Top = 10, Side = 290, Width = 360, Height = 352, Ticks = 5;
    private readonly HtmlBuilder _marks = new();

    /// <summary>A line through points.</summary>
    public SvgPlot Curve(string kind, IEnumerable<(double X, double Y)> points)
    {
        _marks.Line($"<polyline class=\"{kind}\" points=\"{Path(points)}\"/>");
        return this;
    }

    /// <summary>A filled outline.</summary>
    public SvgPlot Area(string kind, IEnumerable<(double X, double Y)> points)
    {
        _marks.Line($"<polygon class=\"{kind}\" points=\"{Path(points)}\"/>");
        return this;
    }

    /// <summary>A dot, with a text that appears when the pointer rests on it.</summary>
    public SvgPlot Dot(double atX, double atY, string text)
    {
        _marks.Line($"<circle class=\"dot\" cx=\"{X(atX):0.##}\" cy=\"{Y(atY):0.##}\" r=\"4.5\"><title>{text}</title></circle>");
        return this;
    }

    /// <summary>One of many dots.</summary>
    public SvgPlot Mark(string kind, double atX, double atY)
    {
        _marks.Line($"<circle class=\"{kind}\" cx=\"{X(atX):0.##}\" cy=\"{Y(atY):0.##}\" r=\"2.5\"/>");
        return this;
    }

    /// <summary>A text beside a point, on the side where there is room.</summary>
    public SvgPlot Text(double atX, double atY, string text)
    {
        var isRight = X(atX) > Left + (Side / 2);
        _marks.Line($"<text x=\"{X(atX) + (isRight ? -6 : 6):0.##}\" y=\"{Y(atY) + 4:0.##}\" text-anchor=\"{(isRight ? "end" : "start")}\">{text}</text>");
        return this;
    }

    /// <summary>A vertical interval.</summary>
    public SvgPlot Whisker(double atX, Interval interval)
    {
        _marks.Line($"<line class=\"whisker\" x1=\"{X(atX):0.##}\" x2=\"{X(atX):0.##}\" y1=\"{Y(interval.Low):0.##}\" y2=\"{Y(interval.High):0.##}\"/>");
        return this;
    }

    /// <summary>The whole plot.</summary>
    public Markup ToMarkup()
    {
        HtmlBuilder svg = new();
        svg.Line($"<svg class=\"plot\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{title}\">");
        for (var i = 0; i <= Ticks; i++)
        {
            double valueX = x.Low + (x.High - x.Low) * i / Ticks, valueY = y.Low + (y.High - y.Low) * i / Ticks;
            if (names is null)
            {
                svg.Line($"<path class=\"grid\" d=\"M{X(valueX):0.##} {Top}v{Side}M{Left} {Y(valueY):0.##}h{Side}\"/>");
                svg.Line($"<text x=\"{X(valueX):0.##}\" y=\"{Top + Side + 18}\" text-anchor=\"middle\">{valueX:0.0#}</text>");
            }
            else
                svg.Line($"<path class=\"grid\" d=\"M{Left} {Y(valueY):0.##}h{Side}\"/>");
            svg.Line($"<text x=\"{Left - 8}\" y=\"{Y(valueY) + 4:0.##}\" text-anchor=\"end\">{valueY:0.0#}</text>");
        }
        foreach (var (i, name) in (names ?? []).Index())
            svg.Line($"<text x=\"{X(i):0.##}\" y=\"{Top + Side + 18}\" text-anchor=\"middle\">{name}</text>");
        svg.Line($"<rect class=\"frame\" x=\"{Left}\" y=\"{Top}\" width=\"{Side}\" height=\"{Side}\"/>");
        svg.Line($"<text class=\"label\" x=\"{Left + Side / 2}\" y=\"{Top + Side + 40}\" text-anchor=\"middle\">{xLabel}</text>");
        svg.Line($"<text class=\"label\" transform=\"translate(14 {Top + Side / 2}) rotate(-90)\" text-anchor=\"middle\">{yLabel}</text>");
        svg.Line($"{_marks.ToMarkup()}</svg>");
        return svg.ToMarkup();
    }

    private double X(double value) => Left + (value - x.Low) / (x.High - x.Low) * Side;

    private double Y(double value) => Top + (y.High - value) / (y.High - y.Low) * Side;

    private string Path(IEnumerable<(double X, double Y)> points) =>
        string.Join(' ', points.Select(point => FormattableString.Invariant($"{X(point.X):0.##},{Y(point.Y):0.##}")));
}
