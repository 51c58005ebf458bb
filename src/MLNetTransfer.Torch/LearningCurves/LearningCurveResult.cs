namespace MLNetTransfer.Torch.LearningCurves;

/// <summary>Accuracy against the number of labelled images.</summary>
/// <param name="Backbone">The name of the network.</param>
/// <param name="Cut">The cut whose features the head takes.</param>
/// <param name="FineTunedFrom">The cut above which layers are trained where they are.</param>
/// <param name="TestImages">The number of held-out images.</param>
/// <param name="Points">For every way to learn, the points from few to many images.</param>
/// <param name="Warnings">What is to be known before the numbers are believed, such as trainings that diverged; usually empty.</param>
/// <param name="Skipped">The images that could not be read.</param>
public sealed record LearningCurveResult(
    string Backbone, string Cut, string FineTunedFrom, int TestImages, IReadOnlyList<LearningPoint> Points, IReadOnlyList<string> Warnings, IReadOnlyList<SkippedImage> Skipped);
