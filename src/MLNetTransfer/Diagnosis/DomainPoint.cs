namespace MLNetTransfer.Diagnosis;

/// <summary>Where an image lies among all of both domains.</summary>
/// <param name="IsTarget">Whether it is of the target.</param>
/// <param name="First">Its first principal component, in standard deviations.</param>
/// <param name="Second">Its second principal component, in the same unit.</param>
/// <param name="Score">What a classifier of the domains that did not see the image gives it: about -1 for the source, about 1 for the target.</param>
public sealed record DomainPoint(bool IsTarget, double First, double Second, double Score);
