namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>A network imported from TensorFlow: an ordinary backbone, and what was found on the way. Immutable.</summary>
public sealed class ImportedBackbone
{
    /// <summary>
    /// The ONNX file, operator set 13: input float32 [N, 3, S, S] ([N, 1, S, S] for grey), any N. Tensors are called like TensorFlow's nodes.
    /// Not to be changed. The same graph and options give the same bytes.
    /// </summary>
    public required byte[] Onnx { get; init; }

    /// <summary>The description that belongs beside it.</summary>
    public required BackboneDescription Description { get; init; }

    /// <summary>The tensor images are fed to.</summary>
    public required string Input { get; init; }

    /// <summary>The tensor the network ends at.</summary>
    public required string Output { get; init; }

    /// <summary>The tensor of the default cut: the pooled features; in a network without global pooling what its last linear layer reads.</summary>
    public required string DefaultCut { get; init; }

    /// <summary>The number of features an image has at the default cut.</summary>
    public required int Dimensions { get; init; }

    /// <summary>Where the preprocessing in the description comes from.</summary>
    public required string PreprocessingSource { get; init; }

    /// <summary>The number of nodes in the file.</summary>
    public required int Nodes { get; init; }

    /// <summary>The number of nodes computed while importing, since no image changes them, and of those merged into convolutions and linear layers.</summary>
    public required int Folded { get; init; }

    /// <summary>The number of nodes in the ONNX graph.</summary>
    public required int OnnxNodes { get; init; }

    /// <summary>How often each of TensorFlow's operators occurs between the image and the output, sorted by name.</summary>
    public required IReadOnlyDictionary<string, int> Operators { get; init; }

    /// <summary>Decisions a user should know of.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The backbone, ready to be cut.</summary>
    /// <exception cref="TransferException">ONNX Runtime refuses the network.</exception>
    public Backbone ToBackbone() => Backbone.FromBytes(Onnx, Description, Description.Name);
}
