namespace MLNetTransfer.Torch.LearningCurves;

/// <summary>A way to use, or not to use, what a network knows.</summary>
public enum LearningMode
{
    /// <summary>The pretrained layers stay as they are; a head is trained on their features.</summary>
    Frozen,

    /// <summary>The upper layers are trained too.</summary>
    FineTuned,

    /// <summary>The same network with random weights, all of its layers trained, in twice the epochs at a tenth of the learning rate: what the images alone can teach.</summary>
    FromScratch,

    /// <summary>The same network with random weights, frozen: what its architecture alone is worth.</summary>
    RandomFeatures,
}
