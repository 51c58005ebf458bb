namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>A part of a thing in an image: the pixel (X, Y) + A (u, v) shows its point (u, v).</summary>
internal readonly record struct PlacedPart(float X, float Y, float A00, float A01, float A10, float A11)
{
    private readonly float _ux = A11 / ((A00 * A11) - (A01 * A10));
    private readonly float _uy = -A01 / ((A00 * A11) - (A01 * A10));
    private readonly float _vx = -A10 / ((A00 * A11) - (A01 * A10));
    private readonly float _vy = A00 / ((A00 * A11) - (A01 * A10));
    private readonly float _lengthU = MathF.Sqrt((A00 * A00) + (A10 * A10));
    private readonly float _lengthV = MathF.Sqrt((A01 * A01) + (A11 * A11));

    /// <summary>The area of the part's unit square in pixels, signed.</summary>
    public float Determinant => (A00 * A11) - (A01 * A10);

    /// <summary>The pixels the part can touch.</summary>
    public (int Left, int Right, int Top, int Bottom) Box(int side)
    {
        float reachX = (1.3f * (MathF.Abs(A00) + MathF.Abs(A01))) + 1, reachY = (1.3f * (MathF.Abs(A10) + MathF.Abs(A11))) + 1;
        return (Math.Max(0, (int)(X - reachX)), Math.Min(side - 1, (int)(X + reachX)), Math.Max(0, (int)(Y - reachY)), Math.Min(side - 1, (int)(Y + reachY)));
    }

    /// <summary>The point of the part that a pixel shows.</summary>
    public (float U, float V) At(int x, int y)
    {
        float dx = x - X, dy = y - Y;
        return ((_ux * dx) + (_uy * dy), (_vx * dx) + (_vy * dy));
    }

    /// <summary>The share of a pixel that the part covers, by the distance of its point from the centre (1 at the edge).</summary>
    public float CoverAt(float distance, float opacity)
    {
        var thin = MathF.Min(_lengthU, _lengthV);
        var cover = Math.Clamp(0.5f + ((1 - distance) * MathF.Max(thin, 0.5f)), 0, 1) * opacity;
        return thin < 0.5f ? cover * (thin * 2) : cover;
    }

    /// <summary>The normal of the part, seen as an ellipsoid, in the plane of the image.</summary>
    public (float X, float Y) Normal(float u, float v)
    {
        float u1 = MathF.Max(1e-3f, _lengthU), v1 = MathF.Max(1e-3f, _lengthV);
        return ((A00 / u1 * u) + (A01 / v1 * v), (A10 / u1 * u) + (A11 / v1 * v));
    }
}
