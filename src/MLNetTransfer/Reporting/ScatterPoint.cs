namespace MLNetTransfer.Reporting;

/// <summary>A point of a plot.</summary>
/// <param name="X">Where on the horizontal axis.</param>
/// <param name="Y">Where on the vertical axis.</param>
/// <param name="Colour">Its colour, an index into the legend.</param>
/// <param name="IsHollow">Whether it is drawn as a ring.</param>
/// <param name="Text">What stands beside it; null for nothing.</param>
public readonly record struct ScatterPoint(double X, double Y, int Colour = 0, bool IsHollow = false, string? Text = null);
