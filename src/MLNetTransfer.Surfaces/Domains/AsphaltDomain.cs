namespace MLNetTransfer.Surfaces.Domains;

/// <summary>A road in low sun: dark binder, coarse stones with long shadows, a moving, noisier camera.</summary>
internal static class AsphaltDomain
{
    public static SurfaceDomain Create() => new("asphalt",
        "Dark asphalt with coarse stones in low sun, photographed from a moving car: softer and noisier.",
        new()
        {
            Zoom = new(0.8f, 1.35f),
            Material = new()
            {
                Colour = new(0.085f, 0.085f, 0.09f),
                ColourSpread = 0.04f,
                Mottle = new(0.05f, 0.14f),
                MottleSize = new(20, 60),
                Grain = new(0.08f, 0.18f),
                Relief = new(0.06f, 0.16f),
                ReliefSize = new(4, 9),
                Roughness = new(0.45f, 0.6f),
                StoneSize = 6.2f,
                StoneContrast = new(0.3f, 0.7f),
                StoneHeight = new(0.8f, 1.45f),
            },
            Cracks = new()
            {
                Width = new(3.2f, 5.8f),
                Darkness = new(0.84f, 0.96f),
                Meander = new(0.06f, 0.12f),
                Branches = 1.8f,
                Networks = 0.25f,
                Mesh = new(26, 46),
                Raggedness = 0.2f,
            },
            Distractors = new()
            {
                Scratches = 0.4f,
                Stains = 0.7f,
                WaterMarks = 0.2f,
                Joints = 0.3f,
                Pores = 0.3f,
                Shadows = 0.5f,
                Fibres = 0.15f,
                Runs = 0.15f,
                Cables = 0.04f,
                Flakes = 0.35f,
            },
            Illumination = new()
            {
                Colour = new(1.06f, 1f, 0.9f),
                Elevation = new(0.045f, 0.09f),
                Ambient = new(0.25f, 0.45f),
                Gradient = new(0, 0.3f),
            },
            Camera = new()
            {
                Blur = new(0.5f, 0.9f),
                Vignette = new(0.1f, 0.3f),
                Exposure = new(0.06f, 0.22f),
                ReadNoise = new(0.003f, 0.008f),
                ShotNoise = new(0.02f, 0.045f),
                WhiteBalance = 0.045f,
                Sharpening = new(0, 0.3f),
                Quality = new(78, 88),
            },
        });
}
