namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>A random pose: maps pixels to formula coordinates, where the image spans about -1 to 1.</summary>
internal readonly struct FormulaView
{
    private readonly float _uu, _uv, _vu, _vv, _u0, _v0;

    /// <summary>Draws a rotation, a reflection, a scale, a slight stretch and a shift.</summary>
    public FormulaView(RandomStream random, int side, float minimumScale = 0.75f, float maximumScale = 1.35f)
    {
        var angle = random.NextSingle(0, MathF.Tau);
        var scale = 2f / side * random.NextSingle(minimumScale, maximumScale);
        var stretch = random.NextSingle(0.85f, 1.18f);
        var mirror = random.NextInt32(2) * 2 - 1;
        _uu = MathF.Cos(angle) * scale * stretch;
        _uv = -MathF.Sin(angle) * scale * stretch;
        _vu = MathF.Sin(angle) * scale * mirror / stretch;
        _vv = MathF.Cos(angle) * scale * mirror / stretch;
        var centre = (side - 1) / 2f;
        _u0 = random.NextSingle(-0.25f, 0.25f) - ((_uu + _uv) * centre);
        _v0 = random.NextSingle(-0.25f, 0.25f) - ((_vu + _vv) * centre);
    }

    /// <summary>The formula coordinates of a pixel.</summary>
    public (float U, float V) At(int x, int y) => (_u0 + (_uu * x) + (_uv * y), _v0 + (_vu * x) + (_vv * y));
}
