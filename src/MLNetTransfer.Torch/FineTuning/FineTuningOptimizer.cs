namespace MLNetTransfer.Torch.FineTuning;

/// <summary>The rule by which a gradient moves the weights.</summary>
public enum FineTuningOptimizer
{
    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", ICLR 2019).</summary>
    AdamW,

    /// <summary>Stochastic gradient descent with Nesterov momentum; weight decay is part of the gradient.</summary>
    Sgd,
}
