namespace MLNetTransfer.Surfaces.Rendering;

/// <summary>
/// Directions from angles in turns (1 = a full circle). Polynomials of our own: the C library's sine may differ between platforms in
/// the last bit, and a last bit changes the bytes of a picture.
/// </summary>
internal static class Turn
{
    /// <summary>The unit vector of an angle; its length is 1 within 1e-5.</summary>
    public static (float X, float Y) Direction(float turns)
    {
        var quarters = (turns - MathF.Floor(turns)) * 4f;
        var quadrant = (int)quarters;
        var angle = (quarters - quadrant) * 1.57079633f;
        var square = angle * angle;
        var sine = angle * (1f - square * (1f / 6f - square * (1f / 120f - square * (1f / 5040f - square / 362880f))));
        var cosine = 1f - square * (0.5f - square * (1f / 24f - square * (1f / 720f - square * (1f / 40320f - square / 3628800f))));
        return (quadrant & 3) switch
        {
            0 => (cosine, sine),
            1 => (-sine, cosine),
            2 => (-cosine, -sine),
            _ => (sine, -cosine),
        };
    }
}
