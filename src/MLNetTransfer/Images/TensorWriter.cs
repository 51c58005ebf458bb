namespace MLNetTransfer.Images;

/// <summary>Turns a resized square into the tensor a network expects: upright, ordered, normalised.</summary>
internal static class TensorWriter
{
    /// <summary>Writes one image.</summary>
    /// <param name="square">side x side x 4 values of 0..255, as the file stores them.</param>
    /// <param name="orientation">How the upright picture lies in the file.</param>
    /// <param name="preprocessing">What the network expects.</param>
    /// <param name="tensor">Receives <see cref="Preprocessing.TensorLength"/> values.</param>
    public static void Write(ReadOnlySpan<float> square, Orientation orientation, Preprocessing preprocessing, Span<float> tensor)
    {
        var side = preprocessing.Side;
        var (start, stepX, stepY) = orientation.Walk(side);
        var (scale, shift) = Affine(preprocessing);
        var isPlanar = preprocessing.Layout == TensorLayout.Nchw;
        var pixelStep = isPlanar ? 1 : preprocessing.Channels;
        var channelStep = isPlanar ? side * side : 1;
        var (red, blue) = preprocessing.Order == PixelOrder.Bgr ? (2 * channelStep, 0) : (0, 2 * channelStep);
        var at = 0;
        for (var y = 0; y < side; y++)
        {
            var from = (start + (y * stepY)) * 4;
            for (var x = 0; x < side; x++, at += pixelStep, from += 4 * stepX)
            {
                if (preprocessing.Order == PixelOrder.Gray)
                {
                    tensor[at] = (Luma(square, from) * scale.R) + shift.R;
                    continue;
                }
                tensor[at + red] = (square[from] * scale.R) + shift.R;
                tensor[at + channelStep] = (square[from + 1] * scale.G) + shift.G;
                tensor[at + blue] = (square[from + 2] * scale.B) + shift.B;
            }
        }
    }

    /// <summary>The brightness of a pixel, 0..255 (ITU-R BT.601).</summary>
    public static float Luma(ReadOnlySpan<float> square, int at) =>
        (0.299f * square[at]) + (0.587f * square[at + 1]) + (0.114f * square[at + 2]);

    /// <summary>(v / 255 - mean) / std as v scale + shift.</summary>
    private static (ChannelValues Scale, ChannelValues Shift) Affine(Preprocessing preprocessing)
    {
        var (mean, std) = (preprocessing.Mean, preprocessing.Std);
        return (new((float)(1 / (255.0 * std.R)), (float)(1 / (255.0 * std.G)), (float)(1 / (255.0 * std.B))),
            new(-mean.R / std.R, -mean.G / std.G, -mean.B / std.B));
    }
}
