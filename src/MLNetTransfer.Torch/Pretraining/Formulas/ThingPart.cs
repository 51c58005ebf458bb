namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>One part of a thing: a superellipse, |u|^power + |v|^power at most 1 along its own axes.</summary>
/// <param name="X">The centre, in body coordinates.</param>
/// <param name="Y">The centre, in body coordinates.</param>
/// <param name="A">Half the length along <paramref name="Angle"/>.</param>
/// <param name="B">Half the length across it.</param>
/// <param name="Angle">The direction of the first axis, in radians.</param>
/// <param name="Power">2 for an ellipse; the larger, the more of a box.</param>
/// <param name="Taper">0, or how much narrower (below 0) the part gets towards its end.</param>
/// <param name="Role">Which of the thing's skins covers it, from 0.</param>
/// <param name="Opacity">Above 0, up to 1.</param>
internal readonly record struct ThingPart(float X, float Y, float A, float B, float Angle, float Power, float Taper, int Role, float Opacity)
{
    /// <summary>The larger half axis.</summary>
    public float Reach => MathF.Max(A, B);
}
