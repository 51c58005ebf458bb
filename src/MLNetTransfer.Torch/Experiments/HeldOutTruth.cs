using MLNetTransfer.Domains;

namespace MLNetTransfer.Torch.Experiments;

/// <summary>The labels of a target: what evaluation and the ceiling know, and no method is given.</summary>
/// <param name="Images">The number of every test image within its domain, the same in all repetitions.</param>
/// <param name="Test">The test images.</param>
/// <param name="Groups">The group of every test image: copies of one picture share one.</param>
/// <param name="Training">The labelled images that the ceiling is trained on; null where it is cross-validated on the test images.</param>
/// <param name="Shots">The few labelled images that some methods learn from; null for none.</param>
internal sealed record HeldOutTruth(IReadOnlyList<int> Images, LabeledFeatures Test, IReadOnlyList<int> Groups, LabeledFeatures? Training, LabeledFeatures? Shots);
