using MLNetTransfer.Torch.Pretraining;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Tests.Pretraining;

/// <summary>Modules whose weights and statistics are all non-trivial: a fault in any of them shows.</summary>
internal static class Networks
{
    /// <summary>Colour themes of every network of these tests.</summary>
    public const int Themes = 3;

    public static ResidualNetwork Seasoned(int classes, int seed)
    {
        var network = Untrained(classes, seed);
        Disturb(network);
        return network;
    }

    public static ResidualNetwork Untrained(int classes, int seed)
    {
        TorchCollection.UseOneThread();
        random.manual_seed(seed);
        return new ResidualNetwork(classes, Themes, ScalarType.Float32);
    }

    /// <summary>Draws scales, shifts, means and variances: what a fresh module has at 1 or 0.</summary>
    public static void Disturb(nn.Module module)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        foreach (var (_, parameter) in module.named_parameters().Where(p => p.parameter.dim() == 1))
            parameter.copy_((rand_like(parameter) * 0.8f) + 0.4f);
        foreach (var (name, buffer) in module.named_buffers())
            buffer.copy_(name.EndsWith("variance", StringComparison.Ordinal) ? (rand_like(buffer) * 2) + 0.2f : randn_like(buffer) * 0.3f);
    }

    /// <summary>Relative to the largest magnitude: what a float32 sum over many channels can keep.</summary>
    public static void AssertClose(float[] expected, float[] received, float relative)
    {
        Assert.Equal(expected.Length, received.Length);
        var scale = expected.Max(MathF.Abs);
        Assert.True(scale > 0, "The expected values are all 0.");
        var worst = expected.Zip(received, (a, b) => MathF.Abs(a - b)).Max();
        Assert.True(worst <= relative * scale, $"The values differ by {worst}, their scale is {scale}.");
    }
}
