namespace MLNetTransfer.Reporting;

/// <summary>Writes a run as one self-contained HTML file: no script, nothing loaded from elsewhere, the same bytes for the same content.</summary>
public static class HtmlReport
{
    /// <summary>Writes the report. The file appears complete or not at all.</summary>
    /// <param name="path">The HTML file to write; one that exists is replaced.</param>
    /// <param name="content">What to report. The files of its images are read for thumbnails.</param>
    /// <exception cref="TransferException">The file cannot be written.</exception>
    public static void Write(string path, ReportContent content)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(content);
        var html = Render(content);
        var full = Path.GetFullPath(path);
        var temporary = Path.Combine(Path.GetDirectoryName(full) ?? full, Path.GetRandomFileName());
        try
        {
            File.WriteAllText(temporary, html);
            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
            throw new TransferException(
                $"A report is a file in a folder that exists and can be written to; received '{path}' ({e.Message}). Choose another place.", e);
        }
    }

    /// <summary>The whole page.</summary>
    internal static string Render(ReportContent content)
    {
        HtmlBuilder html = new();
        html.Line($"<!DOCTYPE html>");
        html.Line($"<html lang=\"en\"><head><meta charset=\"utf-8\">"
            + $"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        html.Line($"<title>{content.Title}</title>");
        html.Line($"<style>\n{new HtmlBuilder.Markup(ReportStyle.Css)}\n</style></head><body><main>");
        WriteHeader(html, content);
        if (content.Evaluations.Count > 0)
            SummaryTable.Write(html, content.Evaluations);
        // What decisions rest on belongs to the evaluation that matters most.
        foreach (var evaluation in content.Evaluations.Take(1))
            EvaluationSection.Write(html, evaluation);
        ExplanationSection.Write(html, content.Explanations);
        foreach (var evaluation in content.Evaluations.Skip(1))
            EvaluationSection.Write(html, evaluation);
        foreach (var bars in content.Bars)
            BarsSection.Write(html, bars);
        foreach (var curve in content.Curves)
            CurveSection.Write(html, curve);
        foreach (var scatter in content.Scatters)
            ScatterSection.Write(html, scatter);
        if (content.Diagnosis is { } diagnosis)
            DiagnosisSection.Write(html, diagnosis);
        foreach (var table in content.Tables)
            WriteTable(html, table);
        if (content.Facts.Count > 0)
            WriteFacts(html, content.Facts);
        WriteSkipped(html, content.Skipped);
        html.Line($"</main></body></html>");
        return html.ToMarkup().Text;
    }

    private static void WriteHeader(HtmlBuilder html, ReportContent content)
    {
        html.Line($"<header><p class=\"kicker\">MLNetTransfer report</p><h1>{content.Title}</h1>");
        if (content.Evaluations is [var first, ..])
        {
            html.Line($"<p class=\"verdict\">{content.Verdict ?? Wording.Verdict(first)}</p>");
            SummaryTable.WriteTiles(html, first);
        }
        else
            html.Line($"<p class=\"verdict\">{content.Verdict ?? "Nothing was evaluated."}</p>");
        html.Line($"</header>");
    }

    private static void WriteTable(HtmlBuilder html, ReportTable table)
    {
        html.Line($"<section><h2>{table.Title}</h2><div class=\"card\"><p>{table.Meaning}</p><div class=\"scroll\"><table class=\"lines\"><thead><tr>");
        html.Line($"<th scope=\"col\">{table.Columns[0]}</th>");
        foreach (var column in table.Columns.Skip(1))
            html.Line($"<th scope=\"col\" class=\"number\">{column}</th>");
        html.Line($"</tr></thead><tbody>");
        foreach (var row in table.Rows)
        {
            html.Line($"<tr><th scope=\"row\">{row[0]}</th>");
            foreach (var cell in row.Skip(1))
                html.Line($"<td class=\"number\">{cell}</td>");
            html.Line($"</tr>");
        }
        html.Line($"</tbody></table></div></div></section>");
    }

    private static void WriteFacts(HtmlBuilder html, IReadOnlyList<ReportFact> facts)
    {
        html.Line($"<section><h2>How it was made</h2><div class=\"card\"><table class=\"lines plain\">");
        foreach (var fact in facts)
            html.Line($"<tr><th scope=\"row\">{fact.Name}</th><td>{fact.Value}</td></tr>");
        html.Line($"</table></div></section>");
    }

    private static void WriteSkipped(HtmlBuilder html, IReadOnlyList<SkippedImage> skipped)
    {
        if (skipped.Count == 0)
            return;
        html.Line($"<section><h2>Skipped images ({skipped.Count})</h2><div class=\"card\"><table class=\"lines\">");
        html.Line($"<thead><tr><th scope=\"col\">File</th><th scope=\"col\">Why it could not be read</th></tr></thead><tbody>");
        foreach (var image in skipped)
            html.Line($"<tr><td>{image.Path}</td><td>{image.Reason}</td></tr>");
        html.Line($"</tbody></table></div></section>");
    }
}
