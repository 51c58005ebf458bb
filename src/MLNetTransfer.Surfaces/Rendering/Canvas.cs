namespace MLNetTransfer.Surfaces.Rendering;

/// <summary>
/// The surface while it is being made, at <see cref="Oversampling"/> times the resolution of the picture: height in canvas pixels,
/// reflectance per channel, and how much of the direct light arrives.
/// </summary>
internal sealed class Canvas(float zoom)
{
    /// <summary>Side of the finished picture in pixels.</summary>
    public const int PictureSide = 128;

    /// <summary>Canvas pixels a picture pixel, along one axis.</summary>
    public const int Oversampling = 2;

    /// <summary>Side of the canvas in pixels.</summary>
    public const int Side = PictureSide * Oversampling;

    /// <summary>Canvas pixels that one picture pixel of the domain's nominal scale covers: near images show things larger.</summary>
    public float Scale { get; } = Oversampling * zoom;

    public float[] Height { get; } = new float[Side * Side];

    public float[] Red { get; } = new float[Side * Side];

    public float[] Green { get; } = new float[Side * Side];

    public float[] Blue { get; } = new float[Side * Side];

    /// <summary>Share of the direct light that arrives, 0..1.</summary>
    public float[] Light { get; } = [.. Enumerable.Repeat(1f, Side * Side)];

    /// <summary>Multiplies the reflectance of one pixel.</summary>
    public void Multiply(int pixel, float red, float green, float blue)
    {
        Red[pixel] *= red;
        Green[pixel] *= green;
        Blue[pixel] *= blue;
    }

    /// <summary>Multiplies the reflectance of one pixel in all channels.</summary>
    public void Multiply(int pixel, float factor) => Multiply(pixel, factor, factor, factor);

    /// <summary>Covers one pixel with another material: 0 leaves it, 1 replaces it.</summary>
    public void Cover(int pixel, Tint tint, float share)
    {
        Red[pixel] += (tint.Red - Red[pixel]) * share;
        Green[pixel] += (tint.Green - Green[pixel]) * share;
        Blue[pixel] += (tint.Blue - Blue[pixel]) * share;
    }
}
