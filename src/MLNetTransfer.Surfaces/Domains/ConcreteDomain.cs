namespace MLNetTransfer.Surfaces.Domains;

/// <summary>Cast concrete outdoors: grey, overcast to hazy daylight, formwork lines and pores, a clean camera close by.</summary>
internal static class ConcreteDomain
{
    public static SurfaceDomain Create() => new("concrete",
        "Grey cast concrete in diffuse daylight, photographed from close by with a clean camera.",
        new()
        {
            Zoom = new(0.8f, 1.4f),
            Material = new()
            {
                Colour = new(0.42f, 0.42f, 0.40f),
                ColourSpread = 0.025f,
                Mottle = new(0.03f, 0.16f),
                MottleSize = new(20, 60),
                Grain = new(0.03f, 0.09f),
                Relief = new(0.06f, 0.22f),
                ReliefSize = new(3, 10),
                Roughness = new(0.5f, 0.75f),
                Stretch = new(1, 2.2f),
            },
            Cracks = new()
            {
                Width = new(1.1f, 2.8f),
                Darkness = new(0.65f, 0.92f),
                Meander = new(0.05f, 0.1f),
                Branches = 1.6f,
                Networks = 0.12f,
                Mesh = new(28, 50),
                Raggedness = 0.16f,
                Pale = 0.05f,
            },
            Distractors = new()
            {
                Scratches = 0.2f,
                Stains = 0.5f,
                WaterMarks = 0.15f,
                Joints = 0.12f,
                Pores = 0.7f,
                Shadows = 0.25f,
                Fibres = 0.04f,
                Runs = 0.05f,
                Flakes = 0.3f,
            },
            Illumination = new()
            {
                Colour = new(1, 1, 1),
                Elevation = new(0.09f, 0.17f),
                Ambient = new(0.35f, 0.6f),
                Gradient = new(0, 0.6f),
            },
            Camera = new()
            {
                Blur = new(0.3f, 0.6f),
                Vignette = new(0, 0.15f),
                Exposure = new(0.18f, 0.55f),
                ReadNoise = new(0.002f, 0.005f),
                ShotNoise = new(0.008f, 0.018f),
                WhiteBalance = 0.025f,
                Sharpening = new(0.1f, 0.5f),
                Quality = new(86, 94),
            },
        });
}
