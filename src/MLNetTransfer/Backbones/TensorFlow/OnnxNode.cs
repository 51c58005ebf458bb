using MLNetTransfer.Backbones.Onnx;

namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>A node on its way into the ONNX graph: what may still be merged with its neighbours is kept apart.</summary>
internal sealed class OnnxNode
{
    /// <summary>The operator; "" for a node that only has an <see cref="Affine"/>.</summary>
    public required string Operator { get; init; }

    /// <summary>The tensors it reads; the stored weights and pads below are added when it is written.</summary>
    public required List<string> Inputs { get; init; }

    /// <summary>The tensor it computes.</summary>
    public required string Output { get; set; }

    public List<AttributeProto> Attributes { get; init; } = [];

    /// <summary>The weights of a Conv or Gemm.</summary>
    public LayerWeights? Weights { get; init; }

    /// <summary>Each channel scaled and shifted.</summary>
    public Affine? Affine { get; set; }

    /// <summary>
    /// Rows added above, columns left, rows below, columns right: by a Conv or a pooling to its input, or by a Pad of zeros that may become
    /// part of a Conv.
    /// </summary>
    public int[]? Pads { get; set; }

    /// <summary>The dimensions of <see cref="Output"/> as stored; none for a step on the way.</summary>
    public int[] Shape { get; set; } = [];

    /// <summary>Further outputs, after <see cref="Output"/>.</summary>
    public List<string> MoreOutputs { get; init; } = [];
}

/// <summary>The weights of a layer, output channels first.</summary>
internal sealed class LayerWeights(float[] values, int[] shape)
{
    public float[] Values => values;

    public int[] Shape => shape;

    /// <summary>One number an output channel; null for zeros.</summary>
    public float[]? Bias { get; private set; }

    /// <summary>Makes the layer's output scaled and shifted.</summary>
    public void Apply(Affine affine)
    {
        var (channels, fanIn) = (shape[0], values.Length / shape[0]);
        Bias ??= new float[channels];
        for (var channel = 0; channel < channels; channel++)
        {
            var (scale, shift) = affine.At(channel);
            if (scale != 1)
                foreach (ref var weight in values.AsSpan(channel * fanIn, fanIn))
                    weight *= scale;
            Bias[channel] = (Bias[channel] * scale) + shift;
        }
    }
}

/// <summary>Each channel x becomes scale * x + shift.</summary>
/// <param name="Scale">One number, or one a channel.</param>
/// <param name="Shift">One number, or one a channel.</param>
/// <param name="Channels">The number of channels, dimension 1 of the stored tensor.</param>
internal sealed record Affine(float[] Scale, float[] Shift, int Channels)
{
    public bool IsUniform => Scale.Length == 1 && Shift.Length == 1;

    public (float Scale, float Shift) At(int channel) => (Scale[Scale.Length == 1 ? 0 : channel], Shift[Shift.Length == 1 ? 0 : channel]);

    /// <summary>This one, and the next one on its result.</summary>
    public Affine Then(Affine next)
    {
        var count = IsUniform && next.IsUniform ? 1 : Channels;
        var (scale, shift) = (new float[count], new float[count]);
        for (var i = 0; i < count; i++)
        {
            var (first, second) = (At(i), next.At(i));
            scale[i] = first.Scale * second.Scale;
            shift[i] = (first.Shift * second.Scale) + second.Shift;
        }
        return new(scale, shift, Channels);
    }
}
