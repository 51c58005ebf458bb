namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>How the body coordinates of a thing (-1 to 1) become pixels: mirrored or not, foreshortened along one direction, turned, scaled, moved.</summary>
internal readonly record struct ThingPose(float M00, float M01, float M10, float M11, float X, float Y)
{
    /// <summary>Draws a pose in which the thing fills about half to all of the image.</summary>
    public static ThingPose Draw(RandomStream random, int side)
    {
        var turn = random.NextSingle(0, MathF.Tau);
        var scale = side * random.NextSingle(0.26f, 0.56f);
        var mirror = random.NextInt32(2) == 0 ? 1f : -1f;
        var squeeze = random.NextSingle(0.6f, 1);
        var lean = random.NextSingle(0, MathF.Tau);

        // The symmetric matrix that shortens the direction across the lean, then the rotation.
        var (sinLean, cosLean) = MathF.SinCos(lean);
        var k00 = (cosLean * cosLean) + (squeeze * sinLean * sinLean);
        var k01 = cosLean * sinLean * (1 - squeeze);
        var k11 = (sinLean * sinLean) + (squeeze * cosLean * cosLean);
        var (sin, cos) = MathF.SinCos(turn);
        return new ThingPose(
            scale * mirror * ((cos * k00) - (sin * k01)), scale * ((cos * k01) - (sin * k11)),
            scale * mirror * ((sin * k00) + (cos * k01)), scale * ((sin * k01) + (cos * k11)),
            side * random.NextSingle(0.36f, 0.64f), side * random.NextSingle(0.36f, 0.64f));
    }

    /// <summary>Where a part comes to lie; null when it is seen edge on.</summary>
    public PlacedPart? Place(ThingPart part)
    {
        var (sin, cos) = MathF.SinCos(part.Angle);
        var placed = new PlacedPart(
            X + (M00 * part.X) + (M01 * part.Y), Y + (M10 * part.X) + (M11 * part.Y),
            ((M00 * cos) + (M01 * sin)) * part.A, ((-M00 * sin) + (M01 * cos)) * part.B,
            ((M10 * cos) + (M11 * sin)) * part.A, ((-M10 * sin) + (M11 * cos)) * part.B);
        return MathF.Abs(placed.Determinant) < 1e-3f ? null : placed;
    }
}
