namespace MLNetTransfer.Surfaces.Rendering;

/// <summary>A range that an image draws a parameter from, uniformly.</summary>
internal readonly record struct Interval(float Low, float High);
