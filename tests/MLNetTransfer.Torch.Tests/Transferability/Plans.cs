using MLNetTransfer.Benchmarks.Transferability;

namespace MLNetTransfer.Torch.Tests.Transferability;

/// <summary>Experiments that take a second.</summary>
internal static class Plans
{
    public static TrainingPlan Tiny { get; } = new() { Side = 16, Width = 4, Classes = 3, Images = 48, HeldOut = 24, Epochs = 1, Batch = 16 };

    public static TaskImages Images(TrainingPlan plan, int seed = 1) =>
        TaskImages.Render(ClassSplit.Of(Similarity.Similar, seed, plan.Classes).B, seed, "training", plan.Images, plan.Side);
}
