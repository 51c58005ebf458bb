using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Tests.Transferability;

/// <summary>All numbers of a network, by name.</summary>
internal static class State
{
    private static readonly string[] Names = ["stem", "stage1_1", "stage2_1", "stage3_1", "stage3_2", "stage4_1"];

    public static Dictionary<string, float[]> Of(nn.Module network) => network.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.data<float>().ToArray());

    /// <summary>Whether a name belongs to the first so many layers.</summary>
    public static bool IsBelow(string name, int layers) => Names.Take(layers).Any(layer => name.StartsWith(layer + ".", StringComparison.Ordinal));
}
