using System.Text;

namespace MLNetTransfer.Images;

/// <summary>Reads labelled images from a CSV or TSV file of paths and labels.</summary>
public static class ImageManifest
{
    /// <summary>
    /// Reads a manifest: UTF-8, one image a line, <c>path,label</c>. A first line that names the columns "path" (or "image",
    /// "imagepath", "file") and "label" (or "class") is optional and may add columns or change their order. Fields may be quoted as in
    /// RFC 4180. The separator is a tab if the extension is .tsv or .tab or the first line holds one, else a semicolon if the first
    /// line holds one and no comma, else a comma. Relative paths start at the manifest's folder; empty lines are skipped.
    /// </summary>
    /// <param name="file">The manifest.</param>
    /// <exception cref="TransferException">The file is missing, empty or malformed; the message names the line.</exception>
    public static ImageSet Read(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        if (!File.Exists(file))
            throw new TransferException($"Expected a CSV or TSV file of 'path,label' lines; '{file}' does not exist. Check the path.");
        var text = ReadText(file);
        var rows = DelimitedText.Parse(text, DelimiterOf(file, text), (line, reason) => Malformed(file, line, reason)).ToList();
        if (rows.Count == 0)
            throw new TransferException($"Expected 'path,label' lines; '{file}' has none. List one image a line.");
        var (pathColumn, labelColumn) = Columns(rows);
        var folder = Path.GetDirectoryName(file) ?? "";
        var lineOfPath = new Dictionary<string, int>(StringComparer.Ordinal);
        var images = new List<LabeledImage>(rows.Count);
        foreach (var (line, fields) in rows)
        {
            if (fields.Count <= Math.Max(pathColumn, labelColumn))
                throw Malformed(file, line, $"expected a path and a label; received {fields.Count} field{(fields.Count == 1 ? "" : "s")}");
            var (path, label) = (fields[pathColumn].Trim(), fields[labelColumn].Trim());
            if (path.Length == 0 || path.Contains('\0'))
                throw Malformed(file, line, "expected a path; received none");
            if (label.Length == 0)
                throw Malformed(file, line, $"expected a label for '{path}'; received none");
            path = Path.Combine(folder, path);
            if (!lineOfPath.TryAdd(path, line))
                throw Malformed(file, line, $"expected each image once; '{path}' is already on line {lineOfPath[path]}");
            images.Add(new LabeledImage(path, label));
        }
        return images.Count > 0
            ? new ImageSet(images, source: $"'{file}'")
            : throw new TransferException($"Expected 'path,label' lines below the header; '{file}' has none. List one image a line.");
    }

    private static string ReadText(string file)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(file)).TrimStart('\ufeff');
        }
        catch (Exception error) when (error is DecoderFallbackException or IOException or UnauthorizedAccessException)
        {
            throw new TransferException(
                $"Expected a CSV or TSV file in UTF-8 that lists 'path,label' lines; '{file}' cannot be read as one: {error.Message} "
                + "Save it as UTF-8, or give a folder with one sub-folder per class.", error);
        }
    }

    private static char DelimiterOf(string file, string text)
    {
        var firstLine = text.AsSpan(0, text.IndexOf('\n') is var end and >= 0 ? end : text.Length);
        var tabbed = Path.GetExtension(file).ToUpperInvariant() is ".TSV" or ".TAB" || firstLine.Contains('\t');
        return tabbed ? '\t' : firstLine.Contains(';') && !firstLine.Contains(',') ? ';' : ',';
    }

    /// <summary>Where path and label are; takes the header off the rows if there is one.</summary>
    private static (int Path, int Label) Columns(List<DelimitedText.Row> rows)
    {
        var names = rows[0].Fields.Select(name => name.Trim().ToUpperInvariant()).ToList();
        var path = names.FindIndex(name => name is "PATH" or "IMAGE" or "IMAGEPATH" or "FILE");
        var label = names.FindIndex(name => name is "LABEL" or "CLASS");
        if (path < 0 || label < 0)
            return (0, 1);
        rows.RemoveAt(0);
        return (path, label);
    }

    private static TransferException Malformed(string file, int line, string reason) =>
        new($"Line {line} of '{file}': {reason}. Correct that line; each one is 'path,label'.");
}
