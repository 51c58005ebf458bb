using Markup = MLNetTransfer.Reporting.HtmlBuilder.Markup;

namespace MLNetTransfer.Reporting;

/// <summary>Writes bars with their intervals, and the lines they are compared with.</summary>
internal static class BarsSection
{
    private const int Left = 190, Width = 860, Right = 70, Row = 26, Top = 34, Bottom = 44;

    /// <summary>The section.</summary>
    public static void Write(HtmlBuilder html, ReportBars bars)
    {
        html.Line($"<section><h2>{bars.Title}</h2><div class=\"card\"><p>{bars.Meaning}</p>");
        html.Line($"{Plot(bars)}");
        html.Line($"</div></section>");
    }

    private static Markup Plot(ReportBars bars)
    {
        var bottom = Top + (Row * bars.Bars.Count);
        // From 0 on: lengths of bars are compared.
        double X(double share) => Left + (Math.Clamp(share, 0, 1) * (Width - Left - Right));
        HtmlBuilder svg = new();
        svg.Line($"<svg class=\"plot wide\" viewBox=\"0 0 {Width} {bottom + Bottom}\" role=\"img\" aria-label=\"{bars.Title}\">");
        for (var tick = 0; tick <= 10; tick++)
        {
            svg.Line($"<path class=\"grid\" d=\"M{X(tick / 10d):0.##} {Top}V{bottom}\"/>");
            svg.Line($"<text x=\"{X(tick / 10d):0.##}\" y=\"{bottom + 16}\" text-anchor=\"middle\">{10 * tick}</text>");
        }
        foreach (var (i, bar) in bars.Bars.Index())
        {
            double y = Top + (Row * i), middle = y + (Row / 2d);
            svg.Line($"<text class=\"label\" x=\"{Left - 10}\" y=\"{middle + 4:0.##}\" text-anchor=\"end\">{bar.Name}</text>");
            svg.Line($"<rect class=\"bar\" x=\"{Left}\" y=\"{y + 5:0.##}\" width=\"{X(bar.Value) - Left:0.##}\" height=\"{Row - 10}\" rx=\"2\"/>");
            svg.Line($"<path class=\"whisker\" d=\"M{X(bar.Interval.Low):0.##} {middle:0.##}H{X(bar.Interval.High):0.##}\"/>");
            svg.Line($"<text x=\"{Width - Right + 14}\" y=\"{middle + 4:0.##}\">{100 * bar.Value:0.0}</text>");
        }
        // Names of lines that are close to one another would lie on one another.
        var (end, level) = (double.NegativeInfinity, 0);
        foreach (var line in bars.Lines.OrderBy(line => line.Value))
        {
            var text = FormattableString.Invariant($"{line.Name} {100 * line.Value:0.0}");
            var at = X(line.Value);
            level = at - (text.Length * 3.2) < end ? 1 - level : 0;
            end = at + (text.Length * 3.2);
            svg.Line($"<path class=\"diagonal\" d=\"M{at:0.##} {Top - 4}V{bottom}\"/>");
            svg.Line($"<text x=\"{at:0.##}\" y=\"{Top - 9 - (13 * level)}\" text-anchor=\"middle\">{text}</text>");
        }
        svg.Line($"<text class=\"label\" x=\"{(Left + Width - Right) / 2}\" y=\"{bottom + 38}\" text-anchor=\"middle\">{bars.Label}</text></svg>");
        return svg.ToMarkup();
    }
}
