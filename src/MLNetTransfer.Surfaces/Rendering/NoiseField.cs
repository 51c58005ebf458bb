namespace MLNetTransfer.Surfaces.Rendering;

/// <summary>Gradient noise (Perlin, "Improving noise", 2002) over the plane, and its sums over octaves.</summary>
internal sealed class NoiseField
{
    // Brings one octave's deviation to about 1.
    private const float Gain = 3.6f;
    private static readonly (float X, float Y)[] Gradients = [.. Enumerable.Range(0, 32).Select(i => Turn.Direction((i + 0.5f) / 32f))];
    private readonly byte[] _order = new byte[512];
    private readonly float _offsetX, _offsetY;

    public NoiseField(RandomStream random)
    {
        for (var i = 0; i < 256; i++)
            _order[i] = (byte)i;
        for (var i = 255; i > 0; i--)
        {
            var j = random.Whole(0, i);
            (_order[i], _order[j]) = (_order[j], _order[i]);
        }
        _order.AsSpan(0, 256).CopyTo(_order.AsSpan(256));
        _offsetX = random.Between(0, 256);
        _offsetY = random.Between(0, 256);
    }

    /// <summary>Noise with features about one unit apart, mean 0, deviation about 1.</summary>
    public float At(float x, float y)
    {
        x += _offsetX;
        y += _offsetY;
        var floorX = MathF.Floor(x);
        var floorY = MathF.Floor(y);
        var dx = x - floorX;
        var dy = y - floorY;
        var column = (int)floorX & 255;
        var row = (int)floorY & 255;
        var left = _order[column] + row;
        var right = _order[column + 1] + row;
        var u = Fade(dx);
        var v = Fade(dy);
        var top = Lerp(Dot(_order[left & 511], dx, dy), Dot(_order[right & 511], dx - 1, dy), u);
        var bottom = Lerp(Dot(_order[(left + 1) & 511], dx, dy - 1), Dot(_order[(right + 1) & 511], dx - 1, dy - 1), u);
        return Lerp(top, bottom, v) * Gain;
    }

    /// <summary>Fractal noise at one point: each octave has half the wavelength and <paramref name="persistence"/> times the amplitude.</summary>
    public float Fractal(float x, float y, int octaves, float persistence = 0.5f)
    {
        float sum = 0, amplitude = 1, power = 0;
        for (var octave = 0; octave < octaves; octave++)
        {
            sum += amplitude * At(x, y);
            power += amplitude * amplitude;
            amplitude *= persistence;
            // Turned by an angle that no octave repeats, so that the lattices do not line up.
            (x, y) = (1.6f * x + 1.2f * y + 17.3f, 1.6f * y - 1.2f * x + 31.7f);
        }
        return sum / MathF.Sqrt(power);
    }

    /// <summary>A plane of fractal noise, row after row, mean about 0, deviation about 1.</summary>
    /// <param name="side">Pixels a side.</param>
    /// <param name="wavelength">Distance of the largest features in pixels.</param>
    /// <param name="octaves">The number of octaves summed.</param>
    /// <param name="persistence">Amplitude of an octave over the one before.</param>
    /// <param name="turn">Direction of the long axis of the features, in turns.</param>
    /// <param name="stretch">Length of the features over their width; 1 = isotropic.</param>
    public float[] Plane(int side, float wavelength, int octaves, float persistence = 0.5f, float turn = 0.07f, float stretch = 1f)
    {
        var plane = new float[side * side];
        var (cosine, sine) = Turn.Direction(turn);
        var along = 1f / (wavelength * stretch);
        var across = 1f / wavelength;
        for (int y = 0, i = 0; y < side; y++)
            for (var x = 0; x < side; x++, i++)
                plane[i] = Fractal((x * cosine + y * sine) * along, (y * cosine - x * sine) * across, octaves, persistence);
        return plane;
    }

    private static float Fade(float t) => t * t * t * (t * (t * 6 - 15) + 10);

    private static float Lerp(float a, float b, float t) => a + (b - a) * t;

    private static float Dot(byte corner, float dx, float dy)
    {
        var (x, y) = Gradients[corner & 31];
        return x * dx + y * dy;
    }
}
