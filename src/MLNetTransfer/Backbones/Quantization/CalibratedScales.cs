namespace MLNetTransfer.Backbones.Quantization;

/// <summary>What calibration found.</summary>
/// <param name="Scales">The scale of every tensor.</param>
/// <param name="Images">The images it was found on.</param>
/// <param name="Skipped">Those that could not be read.</param>
internal sealed record CalibratedScales(IReadOnlyDictionary<string, AffineScale> Scales, IReadOnlyList<string> Images, IReadOnlyList<SkippedImage> Skipped);
