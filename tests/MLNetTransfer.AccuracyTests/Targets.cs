namespace MLNetTransfer.AccuracyTests;

/// <summary>What transfer must be worth: the least accuracies, all of them here.</summary>
internal static class Targets
{
    /// <summary>Held-out plaster, embedded backbone: the promise of the demo.</summary>
    public const double Plaster = 0.95;

    /// <summary>Held-out asphalt, embedded backbone: .947 [.915, .967] was measured with weights pretrained for part of their time.</summary>
    public const double Asphalt = 0.91;

    /// <summary>Ants and bees, MobileNetV2, nested cross-validation; .939 was measured. Outside this project the same weights gave .948.</summary>
    public const double AntsBeesMobileNet = 0.93;

    /// <summary>Ants and bees, embedded backbone, nested cross-validation.</summary>
    public const double AntsBees = 0.80;

    /// <summary>Concrete cracks, embedded backbone, nested cross-validation.</summary>
    public const double ConcreteCracks = 0.85;
}
