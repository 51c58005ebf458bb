using MLNetTransfer.Diagnosis;
using MLNetTransfer.Evaluation;
using Markup = MLNetTransfer.Reporting.HtmlBuilder.Markup;

namespace MLNetTransfer.Reporting;

/// <summary>The section of a page about two domains: why, where their images lie, and which look most foreign.</summary>
internal static class DiagnosisSection
{
    private const int Bins = 24;

    public static void Write(HtmlBuilder html, DiagnosisResult diagnosis)
    {
        html.Line($"<section><h2>Why</h2><div class=\"card\"><ul class=\"reasons\">");
        foreach (var reason in diagnosis.Reasons)
            html.Line($"<li>{reason}</li>");
        html.Line($"</ul></div>");
        var points = diagnosis.Evidence.Points;
        if (points.Count > 0)
        {
            html.Line($"<div class=\"grid\"><figure class=\"card\"><h3>Where the images lie</h3>{Plane(points)}<figcaption>{Legend}"
                + $"The two directions in which the features of all images vary most, in standard deviations. What separates the domains may lie in other directions.</figcaption></figure>");
            html.Line($"<figure class=\"card\"><h3>How well they are told apart</h3>{Scores(points)}<figcaption>{Legend}"
                + $"The score of a linear classifier of the domains for images it did not learn from: the less the two overlap, the more the domains differ.</figcaption></figure></div>");
        }
        WriteForeign(html, diagnosis.Evidence.Foreign);
        html.Line($"</section>");
    }

    private static Markup Legend => HtmlBuilder.Of($"<span class=\"key right\"></span> source <span class=\"key wrong\"></span> target. ");

    private static Markup Plane(IReadOnlyList<DomainPoint> points)
    {
        // Multiples of a quarter, so that the fifths of the range are round numbers.
        var reach = Math.Max(.25, Math.Ceiling(points.Max(point => Math.Max(Math.Abs(point.First), Math.Abs(point.Second))) * 4) / 4);
        var range = new Interval(-reach, reach);
        var plot = new SvgPlot("Principal components of the features of both domains", "First component", "Second component", range, range);
        foreach (var point in points)
            plot.Mark(point.IsTarget ? "target" : "source", point.First, point.Second);
        return plot.ToMarkup();
    }

    private static Markup Scores(IReadOnlyList<DomainPoint> points)
    {
        var (low, high) = (Math.Floor(points.Min(point => point.Score) * 2) / 2, Math.Ceiling(points.Max(point => point.Score) * 2) / 2);
        var range = new Interval(low, Math.Max(high, low + .5));
        var width = (range.High - range.Low) / Bins;
        double[][] shares = [.. new[] { false, true }.Select(isTarget => Shares(points.Where(point => point.IsTarget == isTarget).ToArray(), range, width))];
        var highest = Math.Ceiling(shares.Max(side => side.Max()) * 20) / 20;
        var plot = new SvgPlot("Scores of the classifier of the domains", "Score: source to target", "Share of the domain's images", range, new Interval(0, highest));
        foreach (var (side, kind) in new[] { (0, "source"), (1, "target") })
            plot.Area(kind, [(range.Low, 0), .. shares[side].SelectMany((share, bin) => new[] { (range.Low + (bin * width), share), (range.Low + ((bin + 1) * width), share) }), (range.High, 0)]);
        return plot.ToMarkup();
    }

    private static double[] Shares(DomainPoint[] points, Interval range, double width)
    {
        var shares = new double[Bins];
        foreach (var point in points)
            shares[Math.Clamp((int)((point.Score - range.Low) / width), 0, Bins - 1)] += 1.0 / points.Length;
        return shares;
    }

    private static void WriteForeign(HtmlBuilder html, IReadOnlyList<ForeignImage> foreign)
    {
        if (foreign.Count == 0)
            return;
        html.Line($"<div class=\"card\"><h3>Most foreign</h3><p class=\"note\">"
            + $"The images of the target that look least like the source, by the score above. Where the domains are alike, they are merely the last in line.</p><div class=\"gallery\">");
        foreach (var image in foreign)
        {
            var picture = Thumbnail.TryCreate(image.Path, out var jpeg)
                ? HtmlBuilder.Of($"<img src=\"data:image/jpeg;base64,{Convert.ToBase64String(jpeg)}\" alt=\"{Path.GetFileName(image.Path)}\">")
                : HtmlBuilder.Of($"<div class=\"missing\">no picture</div>");
            html.Line($"<figure>{picture}<figcaption><span class=\"file\" title=\"{image.Path}\">{NameOf(image.Path)}</span>"
                + $"<span>score {image.Score:0.00}</span></figcaption></figure>");
        }
        html.Line($"</div></div>");
    }

    /// <summary>The file and the folder it is in, which may be its class.</summary>
    private static string NameOf(string path) => Path.GetFileName(Path.GetDirectoryName(path)) is { Length: > 0 } folder ? $"{folder}/{Path.GetFileName(path)}" : Path.GetFileName(path);
}
