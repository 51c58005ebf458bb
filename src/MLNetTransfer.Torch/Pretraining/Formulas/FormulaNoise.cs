using System.Runtime.CompilerServices;

namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>Seeded noise over the plane: gradient noise (Perlin, "Improving Noise", 2002) and sums of its octaves.</summary>
internal static class FormulaNoise
{
    private const float Diagonal = 0.70710678f;

    /// <summary>32 well-mixed bits of a lattice point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Hash(int x, int y, uint seed)
    {
        var h = ((uint)x * 0x85ebca6b) ^ ((uint)y * 0xc2b2ae35) ^ (seed * 0x9e3779b9);
        h = (h ^ (h >> 15)) * 0x2c1b3c6d;
        h = (h ^ (h >> 12)) * 0x297a2d39;
        return h ^ (h >> 15);
    }

    /// <summary>Gradient noise, about -1 to 1, with one feature per unit of length.</summary>
    public static float Gradient(float x, float y, uint seed)
    {
        var fx = MathF.Floor(x);
        var fy = MathF.Floor(y);
        int ix = (int)fx, iy = (int)fy;
        x -= fx;
        y -= fy;
        var sx = x * x * x * ((x * ((x * 6) - 15)) + 10);
        var sy = y * y * y * ((y * ((y * 6) - 15)) + 10);
        var top = Corner(Hash(ix, iy, seed), x, y);
        top += sx * (Corner(Hash(ix + 1, iy, seed), x - 1, y) - top);
        var bottom = Corner(Hash(ix, iy + 1, seed), x, y - 1);
        bottom += sx * (Corner(Hash(ix + 1, iy + 1, seed), x - 1, y - 1) - bottom);
        return 1.5f * (top + (sy * (bottom - top)));
    }

    /// <summary>A sum of octaves, each of twice the frequency and <paramref name="gain"/> times the height of the one before; about -1 to 1.</summary>
    public static float Fractal(float x, float y, uint seed, int octaves, float gain, NoiseKind kind = NoiseKind.Plain)
    {
        float sum = 0, height = 1, total = 0;
        for (var octave = 0; octave < octaves; octave++)
        {
            var value = Gradient(x, y, seed + (uint)octave);
            sum += height * kind switch
            {
                NoiseKind.Ridged => 1 - (2 * MathF.Abs(value)),
                NoiseKind.Billow => (2 * MathF.Abs(value)) - 1,
                _ => value,
            };
            total += height;
            height *= gain;
            (x, y) = ((1.6f * x) - (1.2f * y), (1.2f * x) + (1.6f * y));
        }

        return sum / total;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Corner(uint hash, float x, float y) => (hash & 7) switch
    {
        0 => x,
        1 => -x,
        2 => y,
        3 => -y,
        4 => (x + y) * Diagonal,
        5 => (x - y) * Diagonal,
        6 => (y - x) * Diagonal,
        _ => -(x + y) * Diagonal,
    };
}
