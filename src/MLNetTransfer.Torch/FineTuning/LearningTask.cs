namespace MLNetTransfer.Torch.FineTuning;

/// <summary>What is learnt: the class of every image of a store, and how much an image of each class counts.</summary>
/// <param name="Labels">The class of every image, from 0.</param>
/// <param name="ClassWeights">One weight a class.</param>
internal sealed record LearningTask(int[] Labels, double[] ClassWeights)
{
    public int Classes => ClassWeights.Length;
}
