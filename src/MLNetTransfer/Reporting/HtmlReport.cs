namespace MLNetTransfer.Reporting;

/// <summary>Writes a run as one self-contained HTML file: no script, nothing loaded from elsewhere, the same bytes for the same content.</summary>
public static class HtmlReport
{
    /// <summary>Writes the report. The file appears complete or not at all.</summary>
    /// <param name="path">The HTML file to write; one that exists is replaced.</param>
    /// <param name="content">What to report.</param>
    /// <exception cref="TransferException">The file cannot be written.</exception>
    public static void Write(string path, ReportContent content)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(content);
        var html = Render(content);
        var full = Path.GetFullPath(path);
        var temporary = full + ".tmp";
        try
        {
            File.WriteAllText(temporary, html);
            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new TransferException($"A report is written to a file in a folder that exists; '{path}' could not be written ({e.Message}). Choose another place.", e);
        }
    }

    internal static string Render(ReportContent content) => content.Title;
}
