using SkiaSharp;

namespace MLNetTransfer.Explanation;

/// <summary>Text of 5 x 7 dots: a serving machine often has no fonts, and the same text must give the same picture everywhere.</summary>
internal static class DotText
{
    /// <summary>The height of a line at size 1, in pixels.</summary>
    public const int Height = 7;

    private const int Advance = 6;
    private const char First = ' ', Last = '~';

    // Five columns a character from ' ' to '~', the lowest bit at the top.
    private static readonly byte[] Columns = Convert.FromBase64String(
        "AAAAAAAAAF8AAAADAAMAFH8UfxQkKn8qEmMTCGRjNklVIlAABAMAAAAcIkEAAEEiHAAUCD4IFAgIPggIAFAwAAAICAgICABgYAAAIBAIBAI+UUlFPgBCf0"
        + "AAQmFRSUYhQUVLMRgUEn8QJ0VFRTk8SklJMAFxCQUDNklJSTYGSUkpHgA2NgAAAFY2AAAIFCJBABQUFBQUAEEiFAgCAVEJBjJJeUE+fhEREX5/SUlJNj5B"
        + "QUEif0FBIhx/SUlJQX8JCQkBPkFJSXp/CAgIfwBBf0EAIEBBPwF/CBQiQX9AQEBAfwIMAn9/BAgQfz5BQUE+fwkJCQY+QVEhXn8JGSlGRklJSTEBAX8BAT"
        + "9AQEA/HyBAIB8/QDhAP2MUCBRjBwhwCAdhUUlFQwB/QUEAAgQIECAAQUF/AAQCAQIEQEBAQEAAAQIEACBUVFR4f0hERDg4REREIDhEREh/OFRUVBgIfgkB"
        + "AghUVFQ8fwgEBHgARH1AACBARD0AfxAoRAAAQX9AAHwEGAR4fAgEBHg4REREOHwUFBQICBQUGHx8CAQECEhUVFQgBD9EQCA8QEAgfBwgQCAcPEAwQDxEKB"
        + "AoRAxQUFA8RGRUTEQACDZBAAAAfwAAAEE2CAAQCBAQCA==");

    public static int WidthOf(string text, int size) => Math.Max(0, (Advance * text.Length - 1) * size);

    /// <summary>Draws a line of text; characters outside ASCII become question marks.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="text">What.</param>
    /// <param name="left">The left edge of the first character.</param>
    /// <param name="top">The top edge.</param>
    /// <param name="size">The side of a dot in pixels.</param>
    /// <param name="paint">The colour.</param>
    public static void Draw(SKCanvas canvas, string text, int left, int top, int size, SKPaint paint)
    {
        foreach (var character in text)
        {
            var glyph = (character is >= First and <= Last ? character : '?') - First;
            for (var x = 0; x < 5; x++)
                for (var y = 0; y < Height; y++)
                    if ((Columns[5 * glyph + x] >> y & 1) != 0)
                        canvas.DrawRect(left + x * size, top + y * size, size, size, paint);
            left += Advance * size;
        }
    }
}
