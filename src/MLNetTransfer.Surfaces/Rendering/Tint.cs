namespace MLNetTransfer.Surfaces.Rendering;

/// <summary>A linear colour: reflectance or light, per channel, 1 = white.</summary>
internal readonly record struct Tint(float Red, float Green, float Blue)
{
    public static Tint Grey(float value) => new(value, value, value);

    public static Tint operator *(Tint tint, float factor) => new(tint.Red * factor, tint.Green * factor, tint.Blue * factor);
}
