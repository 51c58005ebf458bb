using MLNetTransfer.Evaluation;
using Markup = MLNetTransfer.Reporting.HtmlBuilder.Markup;

namespace MLNetTransfer.Reporting;

/// <summary>Writes plots of points side by side, and their legend.</summary>
internal static class ScatterSection
{
    private const int Colours = 10;

    /// <summary>The section.</summary>
    public static void Write(HtmlBuilder html, ReportScatter scatter)
    {
        html.Line($"<section><h2>{scatter.Title}</h2><div class=\"card\"><p>{scatter.Meaning}</p><div class=\"grid\">");
        foreach (var plot in scatter.Plots)
            html.Line($"<figure><h3>{plot.Title}</h3>{Plot(plot)}</figure>");
        html.Line($"</div>");
        if (scatter.Colours.Count > 0 || scatter.Fills is not null)
        {
            html.Line($"<p class=\"points\">");
            foreach (var (i, colour) in scatter.Colours.Index())
                html.Line($"<span class=\"point point-{i % Colours}\">{colour}</span>");
            if (scatter.Fills is { } fills)
                html.Line($"<span class=\"point hollow\">{fills.Hollow}</span><span class=\"point\">{fills.Filled}</span>");
            html.Line($"</p>");
        }
        html.Line($"</div></section>");
    }

    private static Markup Plot(ScatterPlot plot)
    {
        var svg = new SvgPlot(plot.Title, plot.XLabel, plot.YLabel, plot.X ?? Range(plot.Points.Select(point => point.X)), plot.Y ?? Range(plot.Points.Select(point => point.Y)));
        foreach (var point in plot.Points)
        {
            svg.Mark($"point-{point.Colour % Colours}{(point.IsHollow ? " hollow" : "")}", point.X, point.Y);
            if (point.Text is { } text)
                svg.Text(point.X, point.Y, text);
        }
        return svg.ToMarkup();
    }

    /// <summary>From one round number to another, a fifth of it round as well.</summary>
    private static Interval Range(IEnumerable<double> values)
    {
        var (low, high) = values.Aggregate((Low: double.MaxValue, High: double.MinValue), (range, value) => (Math.Min(range.Low, value), Math.Max(range.High, value)));
        var step = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(high - low, 1e-6)))) / 2;
        (low, high) = (Math.Floor(low / step) * step, Math.Ceiling(high / step) * step);
        var fifths = Math.Max(1, (int)Math.Ceiling(Math.Round((high - low) / step, 6) / 5));
        return new Interval(low, low + (5 * fifths * step));
    }
}
