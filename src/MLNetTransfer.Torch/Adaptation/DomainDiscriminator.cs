using MLNetTransfer.Torch.Adaptation.Mathematics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>A small network that tells the target's images from the source's: one hidden layer of rectified units, one score, high for the target.</summary>
internal sealed class DomainDiscriminator
{
    /// <summary>Rectified units of the hidden layer.</summary>
    private const int Units = 256;

    /// <summary>Draws He-normal weights.</summary>
    public DomainDiscriminator(int inputs, int seed)
    {
        var random = RandomStream.Derive(seed, "domain discriminator");
        Parameters = [Draw(2, Units, inputs), Draw(1, Units), Draw(1, 1, Units), Draw(1, 1)];

        Parameter Draw(double variance, params long[] shape)
        {
            var scale = Math.Sqrt(variance / (shape.Length > 1 ? shape[1] : Units));
            float[] values = [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (product, size) => product * size)).Select(_ => (float)(scale * random.NextNormal()))];
            return new Parameter(tensor(values, shape).clone());
        }
    }

    /// <summary>What is trained: weights and biases of the hidden layer, then those of the output.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The score of every row: [rows].</summary>
    public Tensor Forward(Tensor rows) =>
        nn.functional.linear(nn.functional.linear(rows, Parameters[0], Parameters[1]).relu(), Parameters[2], Parameters[3]).squeeze(1);

    /// <summary>The same values, through which gradients come back negated and multiplied by the strength.</summary>
    public static Tensor Reversed(Tensor values, double strength)
    {
        var fixedValues = values.detach();
        return fixedValues.Plus(fixedValues.sub(values).Times(strength));
    }

    /// <summary>How strongly gradients are reversed at a share of the training: from 0 to nearly 1.</summary>
    public static double Strength(double progress) => (2 / (1 + Math.Exp(-10 * progress))) - 1;

    /// <summary>The mean log-loss of the source's rows plus that of the target's, every row with its weight.</summary>
    public static Tensor Loss(Tensor scores, long sources, Tensor? weights)
    {
        var (source, target) = (scores.narrow(0, 0, sources), scores.narrow(0, sources, scores.shape[0] - sources));
        var (ofSource, ofTarget) = (nn.functional.logsigmoid(source.neg()).neg(), nn.functional.logsigmoid(target).neg());
        if (weights is not null)
            (ofSource, ofTarget) = (ofSource.mul(weights.narrow(0, 0, sources)), ofTarget.mul(weights.narrow(0, sources, target.shape[0])));
        return ofSource.mean().Plus(ofTarget.mean());
    }
}
