namespace MLNetTransfer.Surfaces.Domains;

/// <summary>A painted wall indoors: light, fine texture, the warm light of a lamp, a telephone from farther away.</summary>
internal static class PlasterDomain
{
    public static SurfaceDomain Create() => new("plaster",
        "Light painted plaster in warm lamp light, photographed with a telephone from farther away.",
        new()
        {
            Zoom = new(0.65f, 1.1f),
            Material = new()
            {
                Colour = new(0.72f, 0.68f, 0.60f),
                ColourSpread = 0.09f,
                Mottle = new(0.05f, 0.12f),
                MottleSize = new(18, 45),
                Grain = new(0.008f, 0.03f),
                Relief = new(0.15f, 0.45f),
                ReliefSize = new(2.5f, 5),
                Roughness = new(0.35f, 0.55f),
                Stretch = new(1, 1.8f),
            },
            Cracks = new()
            {
                Width = new(1.8f, 3.6f),
                Darkness = new(0.65f, 0.93f),
                Meander = new(0.06f, 0.11f),
                Branches = 1.6f,
                Networks = 0.15f,
                Mesh = new(24, 44),
                Raggedness = 0.14f,
            },
            Distractors = new()
            {
                Scratches = 0.35f,
                Stains = 0.4f,
                WaterMarks = 0.25f,
                Joints = 0.2f,
                Pores = 0.2f,
                Shadows = 0.4f,
                Fibres = 0.25f,
                Runs = 0.4f,
                Cables = 0.05f,
                Flakes = 0.35f,
            },
            Illumination = new()
            {
                Colour = new(1.15f, 1f, 0.78f),
                Elevation = new(0.06f, 0.14f),
                Ambient = new(0.4f, 0.65f),
                Gradient = new(0.05f, 0.5f),
            },
            Camera = new()
            {
                Blur = new(0.5f, 0.85f),
                Vignette = new(0.05f, 0.25f),
                Exposure = new(0.35f, 0.6f),
                ReadNoise = new(0.006f, 0.014f),
                ShotNoise = new(0.02f, 0.04f),
                WhiteBalance = 0.08f,
                Sharpening = new(0.3f, 0.8f),
                Quality = new(80, 90),
            },
        });
}
