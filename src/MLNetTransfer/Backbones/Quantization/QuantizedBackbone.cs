namespace MLNetTransfer.Backbones.Quantization;

/// <summary>A quantised backbone.</summary>
public sealed class QuantizedBackbone
{
    internal QuantizedBackbone(byte[] onnx, BackboneDescription description, IReadOnlyList<SkippedImage> skipped)
    {
        (Onnx, Description, Skipped) = (onnx, description, skipped);
        Backbone = Backbone.FromBytes(onnx, description, description.Name);
    }

    /// <summary>x</summary>
    public byte[] Onnx { get; }

    /// <summary>x</summary>
    public BackboneDescription Description { get; }

    /// <summary>x</summary>
    public Backbone Backbone { get; }

    /// <summary>x</summary>
    public IReadOnlyList<SkippedImage> Skipped { get; }
}
