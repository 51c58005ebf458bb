namespace MLNetTransfer.Torch.Tests;

/// <summary>
/// The tests that compute with libtorch, one at a time: its random generator and its number of threads belong to the whole process.
/// </summary>
[CollectionDefinition(Name)]
public sealed class TorchCollection
{
    public const string Name = "libtorch";
}
