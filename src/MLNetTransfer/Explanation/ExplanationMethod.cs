namespace MLNetTransfer.Explanation;

/// <summary>How it is found what a prediction rests on.</summary>
public enum ExplanationMethod
{
    /// <summary>
    /// The class activation map (B. Zhou et al., Learning Deep Features for Discriminative Localization, CVPR 2016): how much each place adds to the
    /// score of the class. Exact, one run of the network; where features are averages of maps and the head is linear, as here, it is Grad-CAM.
    /// </summary>
    ClassActivation,

    /// <summary>
    /// Occlusion (M. Zeiler, R. Fergus, Visualizing and Understanding Convolutional Networks, ECCV 2014): how much the probability of the class
    /// drops when a patch is covered. For every network, one run of it a place.
    /// </summary>
    Occlusion,

    /// <summary>
    /// Grad-CAM (R. Selvaraju et al., Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization, ICCV 2017): the channels of any map of the network, weighted
    /// by the mean gradient of the score. It needs gradients, which only the assembly that trains layers has.
    /// </summary>
    GradientActivation,
}
