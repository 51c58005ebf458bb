namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>Finds where a network ends.</summary>
internal static class NetworkOutput
{
    /// <summary>
    /// The name of the deepest Softmax (auxiliary classifiers end earlier), or, without one, of the deepest tensor that can be imported.
    /// </summary>
    /// <exception cref="TransferException">Nothing depends on the image.</exception>
    public static string Find(TensorFlowGraph graph, ImageSource input)
    {
        var depths = graph.Depths(input.Node);
        var candidates = graph.Nodes.Where(node => depths.GetValueOrDefault(node.Name) > 0).ToList();
        var ends = candidates.Where(node => node.Op == "Softmax").ToList();
        if (ends.Count == 0)
            ends = [.. candidates.Where(node => Operators.IsKnown(node.Op) && node.Op is not ("Shape" or "Merge" or "Switch"))];
        if (ends.Count == 0)
            throw new TransferException(
                $"A network computes something from its images; nothing supported in '{graph.Source}' is computed from '{input.Tensor}'. " +
                "Name the tensor that takes images with --input NAME.");
        // Of equals the first in the file.
        return ends.MaxBy(node => depths[node.Name])!.Name;
    }
}
