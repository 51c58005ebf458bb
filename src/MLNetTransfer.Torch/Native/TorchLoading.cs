namespace MLNetTransfer.Torch.Native;

/// <summary>How TorchSharp's native library came into the process.</summary>
public enum TorchLoading
{
    /// <summary>The library loaded as it was shipped.</summary>
    Plain,

    /// <summary>A private copy was loaded whose requirement of a newer libstdc++ is marked weak.</summary>
    WeakenedCopy,
}
