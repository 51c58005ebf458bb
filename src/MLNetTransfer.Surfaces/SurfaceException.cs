namespace MLNetTransfer.Surfaces;

/// <summary>The images cannot be rendered or written. The message states the rule, what was received and the next step.</summary>
/// <param name="message">The rule, what was received, the next step.</param>
public sealed class SurfaceException(string message) : Exception(message);
