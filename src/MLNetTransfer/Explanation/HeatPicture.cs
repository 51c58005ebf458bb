using System.Globalization;
using MLNetTransfer.Images;
using SkiaSharp;

namespace MLNetTransfer.Explanation;

/// <summary>Heat maps as pictures for people.</summary>
internal static class HeatPicture
{
    private const int Side = 480;
    private const int Margin = 12;
    private const int TextSize = 2;
    private const int BarWidth = 120;
    private const int BarHeight = 18;
    private static readonly (byte R, byte G, byte B) For = (215, 38, 30);
    private static readonly (byte R, byte G, byte B) Against = (33, 102, 190);

    /// <summary>The picture of an image file.</summary>
    /// <exception cref="ImageException">It cannot be read, or is too large to show.</exception>
    public static SKBitmap Read(string path, int side) => UprightPicture.TryRead(path, side) ?? throw new ImageException(path, "cannot be drawn: it is gone, or too large to show");

    /// <summary>The picture and, beside it, the map over it; below both the decision and what the colours mean.</summary>
    public static SKBitmap WithLegend(ImageExplanation explanation, Preprocessing preprocessing)
    {
        using var picture = Read(explanation.Path, Side);
        using var overlay = Overlay(picture, explanation.Map, preprocessing);
        var (decision, against, @for) = (Decision(explanation), "against", "for " + Shortened(explanation.Class));
        var legend = DotText.WidthOf(against, TextSize) + BarWidth + DotText.WidthOf(@for, TextSize) + 2 * Margin;
        var width = Math.Max(2 * picture.Width + 3 * Margin, Math.Max(legend, DotText.WidthOf(decision, TextSize)) + 2 * Margin);
        var line = Math.Max(BarHeight, DotText.Height * TextSize) + Margin;
        var isOneLine = DotText.WidthOf(decision, TextSize) + legend + 4 * Margin <= width;
        var sheet = new SKBitmap(width, picture.Height + 2 * Margin + (isOneLine ? 1 : 2) * line);
        using var canvas = new SKCanvas(sheet);
        using var ink = new SKPaint { Color = new SKColor(40, 44, 52), IsAntialias = false };
        canvas.Clear(SKColors.White);
        var left = (width - 2 * picture.Width - Margin) / 2;
        canvas.DrawBitmap(picture, left, Margin);
        canvas.DrawBitmap(overlay, left + picture.Width + Margin, Margin);

        var top = picture.Height + 2 * Margin;
        var lowered = (BarHeight - DotText.Height * TextSize) / 2;
        DotText.Draw(canvas, decision, isOneLine ? left : (width - DotText.WidthOf(decision, TextSize)) / 2, top + lowered, TextSize, ink);
        if (!isOneLine)
            top += line;
        var at = isOneLine ? width - left - legend : (width - legend) / 2;
        DotText.Draw(canvas, against, at, top + lowered, TextSize, ink);
        at += DotText.WidthOf(against, TextSize) + Margin;
        for (var x = 0; x < BarWidth; x++)
        {
            using var colour = new SKPaint { Color = Tinted(235, 2f * x / (BarWidth - 1) - 1) };
            canvas.DrawRect(at + x, top, 1, BarHeight, colour);
        }
        DotText.Draw(canvas, @for, at + BarWidth + Margin, top + lowered, TextSize, ink);
        canvas.Flush();
        return sheet;
    }

    /// <summary>The picture in grey, with the map in colour over the part of it that the network saw; the strongest place has the strongest colour.</summary>
    public static SKBitmap Overlay(SKBitmap picture, HeatMap map, Preprocessing preprocessing)
    {
        var plan = ResizePlan.For(picture.Width, picture.Height, default, preprocessing);
        var strongest = map.Strongest;
        var overlay = new SKBitmap(picture.Width, picture.Height);
        for (var y = 0; y < picture.Height; y++)
            for (var x = 0; x < picture.Width; x++)
            {
                var pixel = picture.GetPixel(x, y);
                // Lighter than the picture, so that colour shows on dark places too.
                var grey = 60 + 0.76f * (0.299f * pixel.Red + 0.587f * pixel.Green + 0.114f * pixel.Blue);
                var across = ((x + 0.5) / picture.Width * plan.Width - plan.Left) / plan.Side;
                var down = ((y + 0.5) / picture.Height * plan.Height - plan.Top) / plan.Side;
                var isSeen = across is >= 0 and <= 1 && down is >= 0 and <= 1;
                overlay.SetPixel(x, y, !isSeen ? Tinted(0.5f * grey + 127, 0) : Tinted(grey, strongest == 0 ? 0 : map.At(across, down) / strongest));
            }
        return overlay;
    }

    /// <summary>Grey mixed with the colour of a strength from -1 to 1.</summary>
    private static SKColor Tinted(float grey, float strength)
    {
        var colour = strength < 0 ? Against : For;
        var share = 0.85f * MathF.Abs(strength);
        return new SKColor(Mix(colour.R), Mix(colour.G), Mix(colour.B));

        byte Mix(byte channel) => (byte)Math.Clamp(MathF.Round(grey + (channel - grey) * share), 0, 255);
    }

    private static string Decision(ImageExplanation explanation) => string.Create(CultureInfo.InvariantCulture,
        $"{Shortened(explanation.Prediction.Label)} {100 * explanation.Prediction.Probability:0.0}%");

    private static string Shortened(string name) => name.Length <= 20 ? name : name[..18] + "..";
}
