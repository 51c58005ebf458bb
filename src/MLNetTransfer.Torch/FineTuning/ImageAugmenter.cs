using MLNetTransfer.Images;

namespace MLNetTransfer.Torch.FineTuning;

/// <summary>Makes the changed versions of a normalised image. Version 0 is the image as it is.</summary>
internal sealed class ImageAugmenter
{
    private readonly Augmentation _augmentation;
    private readonly Preprocessing _preprocessing;
    private readonly RandomStream _random;
    private readonly int _pixelStep, _channelStep;
    private readonly (float Mean, float Deviation)[] _channels;

    public ImageAugmenter(Augmentation augmentation, Preprocessing preprocessing, int seed)
    {
        (_augmentation, _preprocessing, _random) = (augmentation, preprocessing, RandomStream.Derive(seed, "augmentation"));
        var (side, channels) = (preprocessing.Side, preprocessing.Channels);
        (_pixelStep, _channelStep) = preprocessing.Layout == TensorLayout.Nchw ? (1, side * side) : (channels, 1);
        var (mean, std) = (preprocessing.Mean, preprocessing.Std);
        _channels = preprocessing.Order switch
        {
            PixelOrder.Gray => [(mean.R, std.R)],
            PixelOrder.Bgr => [(mean.B, std.B), (mean.G, std.G), (mean.R, std.R)],
            _ => [(mean.R, std.R), (mean.G, std.G), (mean.B, std.B)],
        };
    }

    /// <summary>Writes one version of an image.</summary>
    /// <param name="image">The image as the network takes it.</param>
    /// <param name="number">Which image of the set it is: what is random depends on it and the version alone.</param>
    /// <param name="view">The version, from 0.</param>
    /// <param name="result">Receives as many values as the image has.</param>
    public void Write(ReadOnlySpan<float> image, int number, int view, Span<float> result)
    {
        if (view == 0)
        {
            image.CopyTo(result);
            return;
        }
        var random = _random.At(((long)number << 20) + view);
        Rearrange(image, Pose(number, view), random, result);
        if (_augmentation.Colour > 0)
            Recolour(random, result);
        if (_augmentation.Noise > 0)
            for (var i = 0; i < result.Length; i++)
                result[i] += (float)(_augmentation.Noise * random.NextNormal()) / _channels[i / _channelStep % _channels.Length].Deviation;
    }

    /// <summary>Which of the up to eight ways to lay the square down: all of them in turn, in an order of the image's own, the plain one first.</summary>
    private int Pose(int number, int view)
    {
        int[] poses = [.. Enumerable.Range(1, 7).Where(pose => IsAllowed(pose, 1, _augmentation.Mirror) && IsAllowed(pose, 2, _augmentation.Flip) && IsAllowed(pose, 4, _augmentation.Transpose))];
        RandomStream.Derive(number, "poses").Shuffle(poses.AsSpan());
        var turn = view % (poses.Length + 1);
        return turn == 0 ? 0 : poses[turn - 1];

        static bool IsAllowed(int pose, int part, bool allowed) => (pose & part) == 0 || allowed;
    }

    private void Rearrange(ReadOnlySpan<float> image, int pose, RandomStream random, Span<float> result)
    {
        var side = _preprocessing.Side;
        var area = _augmentation.Crop < 1 ? _augmentation.Crop + (1 - _augmentation.Crop) * random.NextDouble() : 1;
        if (area == 1)
        {
            for (var y = 0; y < side; y++)
                for (var x = 0; x < side; x++)
                {
                    var (column, row) = Turn(x, y, side - 1, pose);
                    for (var c = 0; c < _channels.Length; c++)
                        result[(y * side + x) * _pixelStep + c * _channelStep] = image[(row * side + column) * _pixelStep + c * _channelStep];
                }
            return;
        }
        var (width, height) = (Math.Sqrt(area) * side, Math.Sqrt(area) * side);
        var (left, top) = (random.NextDouble() * (side - width), random.NextDouble() * (side - height));
        for (var y = 0; y < side; y++)
            for (var x = 0; x < side; x++)
            {
                var (column, row) = Turn(x, y, side - 1, pose);
                var (u, v) = (left + (column + 0.5) * width / side - 0.5, top + (row + 0.5) * height / side - 0.5);
                var (u0, v0) = (Math.Clamp((int)Math.Floor(u), 0, side - 1), Math.Clamp((int)Math.Floor(v), 0, side - 1));
                var (u1, v1) = (Math.Min(u0 + 1, side - 1), Math.Min(v0 + 1, side - 1));
                var (fu, fv) = ((float)Math.Clamp(u - u0, 0, 1), (float)Math.Clamp(v - v0, 0, 1));
                for (var c = 0; c < _channels.Length; c++)
                {
                    var at = c * _channelStep;
                    var above = image[(v0 * side + u0) * _pixelStep + at] * (1 - fu) + image[(v0 * side + u1) * _pixelStep + at] * fu;
                    var below = image[(v1 * side + u0) * _pixelStep + at] * (1 - fu) + image[(v1 * side + u1) * _pixelStep + at] * fu;
                    result[(y * side + x) * _pixelStep + at] = above * (1 - fv) + below * fv;
                }
            }
    }

    private static (int Column, int Row) Turn(int x, int y, int last, int pose)
    {
        var (column, row) = (pose & 4) == 0 ? (x, y) : (y, x);
        return ((pose & 1) == 0 ? column : last - column, (pose & 2) == 0 ? row : last - row);
    }

    /// <summary>Brightness, contrast and saturation, each changed by its own factor, on values where black is 0 and white is 1.</summary>
    private void Recolour(RandomStream random, Span<float> image)
    {
        var strength = (float)_augmentation.Colour;
        var (brightness, contrast, saturation) = (1 + random.NextSingle(-strength, strength), 1 + random.NextSingle(-strength, strength), 1 + random.NextSingle(-strength, strength));
        var pixels = _preprocessing.Side * _preprocessing.Side;
        var middle = 0d;
        Span<float> colour = stackalloc float[_channels.Length];
        for (var pass = 0; pass < 2; pass++)
        {
            for (var i = 0; i < pixels; i++)
            {
                var grey = 0f;
                for (var c = 0; c < colour.Length; c++)
                {
                    var (mean, deviation) = _channels[c];
                    colour[c] = (image[i * _pixelStep + c * _channelStep] * deviation + mean) * brightness;
                    grey += colour[c] / colour.Length;
                }
                if (pass == 0)
                {
                    middle += grey / pixels;
                    continue;
                }
                for (var c = 0; c < colour.Length; c++)
                {
                    var (mean, deviation) = _channels[c];
                    var value = (float)middle + contrast * (grey + saturation * (colour[c] - grey) - (float)middle);
                    image[i * _pixelStep + c * _channelStep] = (value - mean) / deviation;
                }
            }
        }
    }
}
