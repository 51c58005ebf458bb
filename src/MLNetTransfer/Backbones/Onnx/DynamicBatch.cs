using MLNetTransfer.Images;

namespace MLNetTransfer.Backbones.Onnx;

/// <summary>Frees the number of images at a time from a graph that was exported for one image.</summary>
internal static class DynamicBatch
{
    /// <summary>
    /// Declares the image input with N open and lets every Reshape of image data to a constant shape [1, ...] keep the
    /// batch it was given (0 in ONNX: "as the input"). Declared shapes inside the graph are dropped, since they repeat the fixed batch.
    /// </summary>
    public static void Apply(GraphProto graph, ImageInput input, Preprocessing preprocessing)
    {
        input.Declare(graph, preprocessing);
        graph.ValueInfo.Clear();
        var names = graph.Names();
        var constants = graph.Constants();
        HashSet<string> imageData = [input.Name];
        foreach (var node in graph.Node)
        {
            // Nodes lie in topological order. Shape leaves the image behind: what follows from it is arithmetic on sizes.
            if (node.Is("Shape", "Size") || !node.Reads().Any(imageData.Contains))
                continue;
            imageData.UnionWith(node.Output.Where(output => output != ""));
            if (!node.Is("Reshape") || node.Input.Count < 2 || !imageData.Contains(node.Input[0]) || node.Find("allowzero")?.I == 1)
                continue;
            if (constants.GetValueOrDefault(node.Input[1])?.Int64Values() is not [1, _, ..] shape)
                continue;
            shape[0] = 0;
            node.Input[1] = GraphCut.Unused(names, node.Input[1] + "/batch");
            graph.Initializer.Add(GraphNodes.Int64s(node.Input[1], shape));
        }
    }
}
