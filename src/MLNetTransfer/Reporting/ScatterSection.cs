using MLNetTransfer.Evaluation;
using Markup = MLNetTransfer.Reporting.HtmlBuilder.Markup;

namespace MLNetTransfer.Reporting;

/// <summary>Writes plots of points side by side, and their legend.</summary>
internal static class ScatterSection
{
    private const int Colours = 10;
    private static readonly double[] Steps = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 12, 15, 20];

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

    /// <summary>Five steps of a short number around the values, the shortest that do.</summary>
    private static Interval Range(IEnumerable<double> values)
    {
        var (low, high) = values.Aggregate((Low: double.MaxValue, High: double.MinValue), (range, value) => (Math.Min(range.Low, value), Math.Max(range.High, value)));
        var power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max((high - low) / 5, 1e-6))));
        var step = Steps.Select(step => step * power).First(step => (Math.Floor(low / step) + 5) * step >= high);
        var start = Math.Floor(low / step) * step;
        return new Interval(start, start + (5 * step));
    }
}
