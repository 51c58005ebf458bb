using MLNetTransfer.Images;
using SkiaSharp;

namespace MLNetTransfer.Torch.Experiments;

/// <summary>Pictures as another camera would have taken them: without colour, or smaller. They are written as PNG, so that a network sees them as it would such files.</summary>
/// <param name="Grey">Whether colour is taken away (luma of Rec. 601).</param>
/// <param name="Side">The longest side in pixels, where pictures are larger; null for as they are.</param>
internal sealed record PictureVariant(bool Grey, int? Side)
{
    private static readonly Preprocessing Glance = new() { Side = 8 };

    public static PictureVariant? Of(ExperimentDomain domain) => domain.Grey || domain.Side is not null ? new PictureVariant(domain.Grey, domain.Side) : null;

    /// <summary>Writes the variant of a picture; false, and nothing is written, when the picture cannot be read.</summary>
    public bool TryWrite(string picture, string file)
    {
        try
        {
            // The rule of what can be read is the decoder's, not that of the small pictures people look at.
            ImageDecoder.Decode(picture, Glance, new float[Glance.TensorLength], out _);
        }
        catch (ImageException)
        {
            return false;
        }
        using var bitmap = UprightPicture.TryRead(picture, Side ?? int.MaxValue / 4);
        if (bitmap is null)
            return false;
        if (Grey)
            bitmap.Pixels = [.. bitmap.Pixels.Select(Luma)];
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        using var stream = File.Create(file);
        png.SaveTo(stream);
        return true;
    }

    private static SKColor Luma(SKColor colour)
    {
        var luma = (byte)(((299 * colour.Red) + (587 * colour.Green) + (114 * colour.Blue) + 500) / 1000);
        return new SKColor(luma, luma, luma, colour.Alpha);
    }
}
