namespace MLNetTransfer.Torch.Adaptation;

/// <summary>A method with hyper-parameters that was tried: with a model and a score, or refused with a reason, by the method or by the scorer.</summary>
/// <param name="Method">The method.</param>
/// <param name="Model">What it made; null where the method refused.</param>
/// <param name="Score">How good it looks without target labels: the higher, the better; null where refused.</param>
/// <param name="Refusal">Why it was refused; null where it was not.</param>
public sealed record AdaptationCandidate(AdaptationMethod Method, AdaptedModel? Model, double? Score, string? Refusal);
