namespace MLNetTransfer.Backbones;

/// <summary>What one image is at a cut before its maps are averaged.</summary>
/// <param name="Channels">The number of maps, or of features where there are no maps; 1 or more.</param>
/// <param name="Height">The height of a map in pixels, 1 or more.</param>
/// <param name="Width">The width of a map in pixels, 1 or more.</param>
public readonly record struct CutShape(int Channels, int Height, int Width)
{
    /// <summary>Channels, height and width, such as "96 x 14 x 14"; the channels alone where a map is one pixel.</summary>
    public override string ToString() => Height * (long)Width == 1 ? FormattableString.Invariant($"{Channels}") : FormattableString.Invariant($"{Channels} x {Height} x {Width}");
}
