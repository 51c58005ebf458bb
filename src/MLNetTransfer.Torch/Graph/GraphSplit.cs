using MLNetTransfer.Backbones.Onnx;

namespace MLNetTransfer.Torch.Graph;

/// <summary>
/// A network divided at a tensor: what lies above it is to be trained, what lies below is computed once. Tensors below that the upper part reads
/// too, such as the other features of a cut of several tensors, are part of the boundary between them.
/// </summary>
internal sealed class GraphSplit
{
    private GraphSplit(ModelProto model, IReadOnlyList<NodeProto> upper, IReadOnlyList<string> boundary, bool isWhole) =>
        (Model, Upper, Boundary, IsWhole) = (model, upper, boundary, isWhole);

    /// <summary>The whole network: one input, one output.</summary>
    public ModelProto Model { get; }

    /// <summary>The nodes above, in topological order.</summary>
    public IReadOnlyList<NodeProto> Upper { get; }

    /// <summary>The tensors that the upper part reads from below, the one it was divided at first.</summary>
    public IReadOnlyList<string> Boundary { get; }

    /// <summary>Whether the upper part is the whole network, its boundary the image.</summary>
    public bool IsWhole { get; }

    /// <summary>The name of the output.</summary>
    public string Output => Model.Graph.Output[0].Name;

    /// <summary>The operator set that the nodes are to be understood by.</summary>
    public int Opset => (int)Model.OpsetImport.First(set => set.Domain is "" or "ai.onnx").Version;

    /// <summary>The lower part as an ONNX file from the image to the boundary. Not for a network that is upper part as a whole.</summary>
    public byte[] LowerOnnx => OnnxFile.Write(GraphCut.Prune(Model, [.. Boundary]));

    /// <summary>Divides a network.</summary>
    /// <param name="model">A network of one output, its nodes in topological order.</param>
    /// <param name="tensor">Where; null for the image.</param>
    /// <exception cref="TransferException">The output does not depend on the tensor, so that nothing lies above it.</exception>
    public static GraphSplit At(ModelProto model, string? tensor)
    {
        var image = model.Graph.FreeInputs().First().Name;
        var above = new HashSet<string> { tensor ?? image };
        var fromImage = new HashSet<string> { image };
        foreach (var node in model.Graph.Node)
        {
            Spread(node, above);
            Spread(node, fromImage);
        }
        if (!above.Contains(model.Graph.Output[0].Name) || model.Graph.Output[0].Name == tensor)
            throw new TransferException($"Layers between a cut and the output are trained; above '{tensor}' there are none. Choose a cut nearer to the input.");

        // What does not depend on the image, such as a computed size, belongs to whoever reads it.
        var upper = model.Graph.Node.Where(node => node.Output.Any(output => (output != tensor && above.Contains(output)) || !fromImage.Contains(output))).ToList();
        var made = upper.SelectMany(node => node.Output).ToHashSet();
        string[] boundary = [tensor ?? image, .. upper.SelectMany(node => node.Input).Where(input => fromImage.Contains(input) && !made.Contains(input) && input != (tensor ?? image)).Distinct()];
        return new GraphSplit(model, upper, boundary, tensor is null || tensor == image);

        static void Spread(NodeProto node, HashSet<string> reached)
        {
            if (node.Reads().Any(reached.Contains))
                foreach (var output in node.Output)
                    reached.Add(output);
        }
    }
}
