namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>Merges what a layer can do itself: scaling and shifting its channels, and zeros around its map.</summary>
internal static class LayerFolding
{
    /// <summary>Drops the nodes that the output does not need.</summary>
    public static void Prune(List<OnnxNode> nodes, string output)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal) { output };
        for (var i = nodes.Count - 1; i >= 0; i--)
            if (IsNeeded(nodes[i]))
                needed.UnionWith(nodes[i].Inputs);
        nodes.RemoveAll(node => !IsNeeded(node));

        bool IsNeeded(OnnxNode node) => needed.Contains(node.Output) || node.MoreOutputs.Exists(needed.Contains);
    }

    /// <summary>What the graph does to every number of an image before anything else: scale * x + shift.</summary>
    public static (float Scale, float Shift) First(IReadOnlyList<OnnxNode> nodes, string input)
    {
        var first = new Affine([1], [0], 1);
        foreach (var node in nodes.TakeWhile(node => node.Affine is { IsUniform: true } && node.Inputs[0] == input))
        {
            first = first.Then(node.Affine!);
            input = node.Output;
        }
        return first.At(0);
    }

    /// <summary>Merges neighbours where nobody else reads what lies between.</summary>
    /// <param name="nodes">Pruned nodes in topological order.</param>
    /// <param name="output">The output of the network, which keeps its name.</param>
    /// <returns>The number of nodes merged into others.</returns>
    public static int Merge(List<OnnxNode> nodes, string output)
    {
        var readers = nodes.SelectMany(node => node.Inputs).Append(output).CountBy(name => name, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var producers = new Dictionary<string, OnnxNode>(StringComparer.Ordinal);
        var merged = new HashSet<OnnxNode>();
        foreach (var node in nodes)
        {
            // What feeds this one has been merged as far as it goes.
            var before = producers.GetValueOrDefault(node.Inputs[0]);
            if (before is not null && readers[before.Output] != 1)
                before = null;
            if (node.Affine is { } affine && before is { Weights: not null } or { Affine: not null })
            {
                if (before.Weights is { } weights)
                    weights.Apply(affine);
                else
                    before.Affine = before.Affine!.Then(affine);
                before.Output = node.Output;
                producers[node.Output] = before;
                merged.Add(node);
                continue;
            }
            if (node is { Operator: "Conv", Pads: { } pads } && before is { Operator: "Pad", Pads: { } border })
            {
                node.Pads = [.. pads.Zip(border, (a, b) => a + b)];
                node.Inputs[0] = before.Inputs[0];
                merged.Add(before);
            }
            producers[node.Output] = node;
        }
        return nodes.RemoveAll(merged.Contains);
    }
}
