namespace MLNetTransfer.Torch.FineTuning;

/// <summary>Where a weight tensor lies among all weights that are trained, and how it is treated.</summary>
/// <param name="Start">Its first value.</param>
/// <param name="Length">The number of its values.</param>
/// <param name="Rate">Its share of the learning rate; 0 for statistics, which no gradient moves.</param>
/// <param name="Decays">Whether it decays: kernels and matrices do, biases do not.</param>
/// <param name="IsPretrained">Whether it was learnt before.</param>
/// <param name="Channels">The equal parts, one behind the other, that each move by a share of their own size: the output channels of a kernel; 1 for the tensor as a whole.</param>
internal readonly record struct WeightRange(int Start, int Length, double Rate, bool Decays, bool IsPretrained, int Channels = 1);
