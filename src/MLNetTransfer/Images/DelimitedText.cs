using System.Text;

namespace MLNetTransfer.Images;

/// <summary>Splits CSV and TSV text into rows of fields, quoted as in RFC 4180.</summary>
internal static class DelimitedText
{
    /// <summary>One row and the line it begins on, from 1.</summary>
    internal readonly record struct Row(int Line, IReadOnlyList<string> Fields);

    /// <summary>The rows of a text; empty lines are left out.</summary>
    /// <param name="text">The text, lines ended by LF, CRLF or CR.</param>
    /// <param name="delimiter">What separates fields.</param>
    /// <param name="malformed">Makes the error of a line.</param>
    public static IEnumerable<Row> Parse(string text, char delimiter, Func<int, string, Exception> malformed)
    {
        var field = new StringBuilder();
        var (at, line) = (0, 1);
        while (at < text.Length)
        {
            var (fields, start, ended) = (new List<string>(), line, false);
            while (!ended)
            {
                field.Clear();
                if (at < text.Length && text[at] == '"')
                {
                    for (at++; ; at++)
                    {
                        if (at == text.Length)
                            throw malformed(start, "a quoted field is not closed");
                        if (text[at] == '"' && (++at == text.Length || text[at] != '"'))
                            break;
                        line += text[at] == '\n' ? 1 : 0;
                        field.Append(text[at]);
                    }
                    if (at < text.Length && text[at] != delimiter && text[at] is not ('\r' or '\n'))
                        throw malformed(start, $"a quoted field is followed by '{text[at]}'");
                }
                while (at < text.Length && text[at] != delimiter && text[at] is not ('\r' or '\n'))
                    field.Append(text[at++]);
                fields.Add(field.ToString());
                ended = at == text.Length || text[at] != delimiter;
                at++;
            }
            if (at < text.Length && text[at - 1] == '\r' && text[at] == '\n')
                at++;
            line++;
            if (fields is not [""])
                yield return new Row(start, fields);
        }
    }
}
