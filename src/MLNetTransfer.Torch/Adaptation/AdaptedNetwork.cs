using MLNetTransfer.Backbones;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>A network whose layers were adapted, and what classifies its features.</summary>
/// <param name="Network">From images to features.</param>
/// <param name="Model">From these features to classes.</param>
internal sealed record AdaptedNetwork(BackboneCut Network, AdaptedModel Model);
