namespace MLNetTransfer.Reporting;

/// <summary>A measured point of a plot.</summary>
/// <param name="X">Where on the horizontal axis.</param>
/// <param name="Y">What was measured.</param>
/// <param name="Low">The lower end of its interval.</param>
/// <param name="High">The upper end.</param>
public readonly record struct CurvePoint(double X, double Y, double Low, double High);
