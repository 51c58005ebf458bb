using MLNetTransfer.Surfaces.Distractors;
using MLNetTransfer.Surfaces.Rendering;

namespace MLNetTransfer.Surfaces;

/// <summary>
/// Renders photos of surfaces: material, things on it, cracks, light, lens, sensor and JPEG file. The same arguments give the same
/// bytes; thread-safe.
/// </summary>
public static class SurfaceRenderer
{
    /// <summary>Width and height of every photo in pixels.</summary>
    public const int Side = Canvas.PictureSide;

    /// <summary>Renders one photo as a JPEG file of <see cref="Side"/> x <see cref="Side"/> pixels.</summary>
    /// <param name="domain">The domain, one of <see cref="SurfaceDomains.All"/>.</param>
    /// <param name="cracked">Whether the surface is cracked; all else is drawn alike for both classes.</param>
    /// <param name="seed">Everything about this one photo.</param>
    /// <returns>The bytes of the file.</returns>
    public static byte[] Render(SurfaceDomain domain, bool cracked, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(domain);
        var recipe = domain.Recipe;
        var random = new RandomStream(seed);
        var canvas = new Canvas(random.In(recipe.Zoom));
        MaterialPainter.Paint(canvas, recipe.Material, random.Derive("material"));
        DistractorPainter.Paint(canvas, recipe.Distractors, random.Derive("distractors"));
        if (cracked)
            CrackPainter.Paint(canvas, recipe.Cracks, random.Derive("cracks"));
        Illuminator.Light(canvas, recipe.Illumination, random.Derive("light"));
        return Photograph.Take(canvas, recipe.Camera, random.Derive("camera"));
    }
}
