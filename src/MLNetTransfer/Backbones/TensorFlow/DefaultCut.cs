namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>Finds the pooled features of a network: where one row of numbers is all that is left of an image, before it is classified.</summary>
internal static class DefaultCut
{
    /// <summary>The tensor, and the number of its channels.</summary>
    /// <param name="nodes">The finished nodes in topological order, all of them needed by the last.</param>
    /// <param name="image">The tensor that images are fed to.</param>
    /// <param name="source">What to call the graph in messages.</param>
    /// <exception cref="TransferException">The network ends without a row of numbers for each image.</exception>
    public static (string Tensor, int Dimensions) Find(IReadOnlyList<OnnxNode> nodes, string image, string source)
    {
        var bottlenecks = Bottlenecks(nodes, image);
        var byOutput = bottlenecks.ToDictionary(node => node.Output, StringComparer.Ordinal);
        var cut = bottlenecks.LastOrDefault(IsGlobalPool)
            // Without pooling: what the last linear layer reads.
            ?? bottlenecks.Where(node => node.Weights is not null).Select(node => byOutput.GetValueOrDefault(node.Inputs[0]))
                .LastOrDefault(node => node is not null)
            ?? nodes[^1];
        return cut.Shape is [_, var dimensions, ..] ? (cut.Output, dimensions) : throw new TransferException(
            $"A backbone gives each image a row of numbers; '{cut.Output}' of '{source}' is one number. Name another tensor to end at with --output NAME.");
    }

    /// <summary>The description with the cut as its default: named only where a backbone without named cuts would take another one.</summary>
    /// <param name="onnx">The ONNX file.</param>
    /// <param name="description">Its description without cuts.</param>
    /// <param name="cut">The tensor of the default cut.</param>
    /// <param name="tensors">The tensors of the graph from input to output.</param>
    public static BackboneDescription Describe(byte[] onnx, BackboneDescription description, string cut, IReadOnlyList<string> tensors)
    {
        var found = Automatic(onnx, description);
        if (found?.DefaultCut.Tensors is [var chosen] && chosen == cut)
            return description;
        var automatic = found?.Cuts.SelectMany(other => other.Tensors) ?? [];
        var cuts = automatic.Append(cut).Distinct().OrderBy(tensors.ToList().IndexOf);
        return new BackboneDescription
        {
            Name = description.Name,
            Licence = description.Licence,
            Sha256 = description.Sha256,
            Preprocessing = description.Preprocessing,
            Cuts = [.. cuts.Select(tensor => new CutDescription { Name = tensor, Tensors = [tensor] })],
            DefaultCut = cut,
        };
    }

    private static Backbone? Automatic(byte[] onnx, BackboneDescription description)
    {
        try
        {
            return Backbone.FromBytes(onnx, description, description.Name);
        }
        catch (TransferException)
        {
            // No cut is found without its being named.
            return null;
        }
    }

    /// <summary>The nodes that everything computed from the image passes through.</summary>
    private static List<OnnxNode> Bottlenecks(IReadOnlyList<OnnxNode> nodes, string image)
    {
        var lastUse = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < nodes.Count; i++)
            foreach (var input in nodes[i].Inputs)
                lastUse[input] = i;
        var found = new List<OnnxNode>();
        var open = lastUse.GetValueOrDefault(image);
        for (var i = 0; i < nodes.Count; i++)
        {
            if (open <= i && nodes[i].MoreOutputs.Count == 0 && nodes[i].Shape.Length > 1)
                found.Add(nodes[i]);
            foreach (var output in nodes[i].MoreOutputs.Prepend(nodes[i].Output))
                open = Math.Max(open, lastUse.GetValueOrDefault(output, i));
        }
        return found;
    }

    private static bool IsGlobalPool(OnnxNode node) =>
        node.Operator == "GlobalAveragePool"
        || (node.Operator == "AveragePool" && node.Shape is [_, _, 1, 1])
        || (node.Operator == "ReduceMean" && node.Attributes.Find(a => a.Name == "axes")?.Ints.SequenceEqual([2L, 3L]) == true);
}
