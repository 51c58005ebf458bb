namespace MLNetTransfer.Benchmarks.Transferability;

/// <summary>What a network starts from. All but the bases are trained and measured on task B, what lies above the cut from random weights.</summary>
internal enum Arm
{
    /// <summary>Trained on task A from random weights.</summary>
    BaseA,

    /// <summary>Trained on task B from random weights.</summary>
    BaseB,

    /// <summary>As <see cref="BaseB"/>, for twice as many epochs: tuned networks have seen twice as many steps below the cut.</summary>
    BaseTwice,

    /// <summary>B3B: the lower layers of base B, frozen.</summary>
    SelfFrozen,

    /// <summary>B3B+: the lower layers of base B, trained on.</summary>
    SelfTuned,

    /// <summary>A3B: the lower layers of base A, frozen.</summary>
    TransferFrozen,

    /// <summary>A3B+: the lower layers of base A, trained on.</summary>
    TransferTuned,

    /// <summary>Lower layers that nobody trained, frozen.</summary>
    RandomFrozen,
}
