using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace MLNetTransfer.Reporting;

/// <summary>
/// Builds HTML from interpolated strings: what stands in the literal is markup, what stands in a hole is text and escaped. Only a
/// <see cref="Markup"/> in a hole stays markup, so that a class name or a path can never become part of the page's structure.
/// </summary>
internal sealed class HtmlBuilder
{
    private readonly StringBuilder _text = new();

    /// <summary>Appends a line.</summary>
    public void Line([InterpolatedStringHandlerArgument("")] ref Handler line) => _text.Append('\n');

    /// <summary>The markup built so far.</summary>
    public Markup ToMarkup() => new(_text.ToString());

    /// <summary>Markup from an interpolated string, by the same rule.</summary>
    public static Markup Of(ref Handler markup) => markup.ToMarkup();

    /// <summary>Text that is already HTML or SVG.</summary>
    internal readonly record struct Markup(string Text);

    [InterpolatedStringHandler]
    internal readonly ref struct Handler
    {
        private readonly StringBuilder _text;

        public Handler(int literalLength, int formattedCount) => _text = new(literalLength + 16 * formattedCount);

        public Handler(int literalLength, int formattedCount, HtmlBuilder builder) => _text = builder._text;

        public void AppendLiteral(string markup) => _text.Append(markup);

        public void AppendFormatted(Markup markup) => _text.Append(markup.Text);

        public void AppendFormatted(string? text) => _text.Append(WebUtility.HtmlEncode(text));

        public void AppendFormatted(int number) => _text.Append(number.ToString(CultureInfo.InvariantCulture));

        public void AppendFormatted(double number, string? format = null) => _text.Append(number.ToString(format, CultureInfo.InvariantCulture));

        public Markup ToMarkup() => new(_text.ToString());
    }
}
