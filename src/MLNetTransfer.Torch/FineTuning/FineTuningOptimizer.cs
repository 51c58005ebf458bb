namespace MLNetTransfer.Torch.FineTuning;

/// <summary>
/// The rule by which a gradient moves the weights. Every output channel of a kernel moves by a share of its own size: pretrained networks have their batch normalisation folded into their
/// kernels, whose channels then differ in size by orders of magnitude, and no single absolute step suits them all.
/// </summary>
public enum FineTuningOptimizer
{
    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", ICLR 2019).</summary>
    AdamW,

    /// <summary>Stochastic gradient descent with Nesterov momentum and decoupled weight decay; a step is the gradient times the square of the size, so that it does not depend on how a channel is scaled.</summary>
    Sgd,
}
