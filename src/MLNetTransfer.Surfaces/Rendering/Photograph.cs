using SkiaSharp;

namespace MLNetTransfer.Surfaces.Rendering;

/// <summary>Takes the picture: lens, sensor, development and JPEG file.</summary>
internal static class Photograph
{
    private const int Side = Canvas.PictureSide;

    /// <summary>The JPEG file of a lit canvas.</summary>
    public static byte[] Take(Canvas canvas, Camera camera, RandomStream random)
    {
        var blur = random.In(camera.Blur) * Canvas.Oversampling;
        float[][] channels = [Sense(canvas.Red, blur), Sense(canvas.Green, blur), Sense(canvas.Blue, blur)];
        Expose(channels, camera, random.Derive("exposure"));
        AddNoise(channels, camera, random.Derive("noise"));
        var pixels = Develop(channels, random.In(camera.Sharpening));
        return Encode(pixels, (int)(random.In(camera.Quality) + 0.5f));
    }

    /// <summary>Blurs with a round-topped kernel and averages the canvas pixels under each sensor pixel.</summary>
    private static float[] Sense(float[] plane, float radius)
    {
        var reach = (int)MathF.Ceiling(radius * 2);
        var kernel = new float[reach + 1];
        var sum = 0f;
        for (var i = 0; i <= reach; i++)
        {
            var t = i / (radius * 2 + 1);
            kernel[i] = (1 - t * t) * (1 - t * t);
            sum += i == 0 ? kernel[i] : 2 * kernel[i];
        }
        var across = new float[plane.Length];
        Convolve(plane, across, kernel, 1f / sum, 1, Canvas.Side);
        var blurred = new float[plane.Length];
        Convolve(across, blurred, kernel, 1f / sum, Canvas.Side, 1);
        var sensed = new float[Side * Side];
        for (var y = 0; y < Side; y++)
            for (var x = 0; x < Side; x++)
            {
                var corner = 2 * y * Canvas.Side + 2 * x;
                sensed[y * Side + x] = 0.25f * (blurred[corner] + blurred[corner + 1] + blurred[corner + Canvas.Side] + blurred[corner + Canvas.Side + 1]);
            }
        return sensed;
    }

    private static void Convolve(float[] source, float[] target, float[] kernel, float scale, int stride, int lineStride)
    {
        for (var line = 0; line < Canvas.Side; line++)
            for (var p = 0; p < Canvas.Side; p++)
            {
                var start = line * lineStride;
                var sum = kernel[0] * source[start + p * stride];
                for (var k = 1; k < kernel.Length; k++)
                    sum += kernel[k] * (source[start + Math.Max(p - k, 0) * stride] + source[start + Math.Min(p + k, Canvas.Side - 1) * stride]);
                target[start + p * stride] = sum * scale;
            }
    }

    private static void Expose(float[][] channels, Camera camera, RandomStream random)
    {
        var vignette = random.In(camera.Vignette);
        var mean = channels.Sum(channel => channel.Average()) / 3;
        var gain = random.In(camera.Exposure) / Math.Max(mean, 1e-4f);
        float[] balance = [1 + random.Around(camera.WhiteBalance), 1, 1 + random.Around(camera.WhiteBalance)];
        for (var c = 0; c < 3; c++)
            for (int y = 0, i = 0; y < Side; y++)
                for (var x = 0; x < Side; x++, i++)
                {
                    float dx = (x - Side / 2) * (2f / Side), dy = (y - Side / 2) * (2f / Side);
                    channels[c][i] *= gain * balance[c] * (1 - vignette * 0.5f * (dx * dx + dy * dy));
                }
    }

    private static void AddNoise(float[][] channels, Camera camera, RandomStream random)
    {
        var read = random.In(camera.ReadNoise);
        var shot = random.In(camera.ShotNoise);
        for (var i = 0; i < Side * Side; i++)
        {
            var common = random.Normal();
            foreach (var channel in channels)
            {
                var signal = Math.Max(channel[i], 0f);
                // Demosaicing mixes neighbouring sites, so the channels' noise is mostly shared.
                channel[i] = signal + MathF.Sqrt(read * read + shot * shot * signal) * (0.8f * common + 0.6f * random.Normal());
            }
        }
    }

    /// <summary>Root tone curve, sharpening, eight bits; RGBA.</summary>
    private static byte[] Develop(float[][] channels, float sharpening)
    {
        var pixels = new byte[4 * Side * Side];
        for (var c = 0; c < 3; c++)
        {
            var tone = new float[Side * Side];
            for (var i = 0; i < tone.Length; i++)
                tone[i] = MathF.Sqrt(Math.Clamp(channels[c][i], 0f, 1f));
            for (int y = 0, i = 0; y < Side; y++)
                for (var x = 0; x < Side; x++, i++)
                {
                    var around = 0.25f * (tone[i - (x > 0 ? 1 : 0)] + tone[i + (x < Side - 1 ? 1 : 0)]
                        + tone[i - (y > 0 ? Side : 0)] + tone[i + (y < Side - 1 ? Side : 0)]);
                    pixels[4 * i + c] = (byte)Math.Clamp((int)(255f * (tone[i] + sharpening * (tone[i] - around)) + 0.5f), 0, 255);
                }
        }
        for (var i = 3; i < pixels.Length; i += 4)
            pixels[i] = 255;
        return pixels;
    }

    private static unsafe byte[] Encode(byte[] pixels, int quality)
    {
        fixed (byte* start = pixels)
        {
            using var pixmap = new SKPixmap(new SKImageInfo(Side, Side, SKColorType.Rgba8888, SKAlphaType.Opaque), (nint)start);
            using var data = pixmap.Encode(new SKJpegEncoderOptions(quality, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore))
                ?? throw new SurfaceException("A rendered picture must encode as JPEG; the encoder returned nothing. Reinstall the native SkiaSharp library.");
            return data.ToArray();
        }
    }
}
