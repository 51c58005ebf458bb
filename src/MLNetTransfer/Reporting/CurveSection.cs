using MLNetTransfer.Evaluation;

namespace MLNetTransfer.Reporting;

/// <summary>Writes a plot of lines with bands, and its legend.</summary>
internal static class CurveSection
{
    /// <summary>The section.</summary>
    public static void Write(HtmlBuilder html, ReportCurve curve)
    {
        html.Line($"<section><h2>{curve.Title}</h2><div class=\"card\"><p>{curve.Meaning}</p>");
        html.Line($"{Plot(curve)}");
        if (curve.Lines.Count > 1)
        {
            html.Line($"<p class=\"legend\">");
            foreach (var (i, line) in curve.Lines.Index())
                html.Line($"<span class=\"key line-{i + 1}\">{line.Name}</span>");
            html.Line($"</p>");
        }
        html.Line($"</div></section>");
    }

    private static HtmlBuilder.Markup Plot(ReportCurve curve)
    {
        CurvePoint[] all = [.. curve.Lines.SelectMany(line => line.Points), .. curve.Points.Select(point => point.Point)];
        // A tenth above and below what was measured, so that small differences are seen.
        var (low, high) = (Math.Min(0.9, Math.Floor(all.Min(point => point.Low) * 10) / 10), Math.Ceiling(all.Max(point => point.High) * 10) / 10);
        var y = new Interval(Math.Max(0, low), Math.Min(1, Math.Max(high, low + 0.1)));
        var plot = new SvgPlot(curve.Title, curve.XLabel, curve.YLabel, curve.Ticks is null ? new Interval(0, 1) : new Interval(-0.5, curve.Ticks.Count - 0.5), y, curve.Ticks);
        foreach (var (i, line) in curve.Lines.Index())
        {
            plot.Area($"band line-{i + 1}", [.. line.Points.Select(point => (point.X, point.High)), .. line.Points.Reverse().Select(point => (point.X, point.Low))]);
            plot.Curve($"curve line-{i + 1}", line.Points.Select(point => (point.X, point.Y)));
        }
        foreach (var (point, text) in curve.Points)
            plot.Whisker(point.X, new Interval(point.Low, point.High)).Dot(point.X, point.Y, text);
        return plot.ToMarkup();
    }
}
