namespace MLNetTransfer.Backbones.Onnx;

/// <summary>Surgery on graphs: keeps what a few tensors need, and turns those tensors into one row of features an image.</summary>
internal static class GraphCut
{
    /// <summary>A copy of the model that computes only the tensors, which become its outputs. Nodes keep their order.</summary>
    public static ModelProto Prune(ModelProto model, IReadOnlyCollection<string> tensors)
    {
        var pruned = model.Clone();
        var graph = pruned.Graph;
        var producers = graph.Producers();
        var needed = new HashSet<string>(tensors);
        var kept = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        var open = new Stack<string>(needed);
        while (open.TryPop(out var tensor))
            if (producers.TryGetValue(tensor, out var node) && kept.Add(node))
                foreach (var read in node.Reads().Where(needed.Add))
                    open.Push(read);

        Keep(graph.Node, kept.Contains);
        Keep(graph.Initializer, i => needed.Contains(i.Name));
        // An initialiser that is an input too could be overridden by a caller, which keeps ONNX Runtime from folding it; IR 3 demanded that.
        pruned.IrVersion = Math.Max(pruned.IrVersion, 4);
        var initialised = model.Graph.Initializer.Select(i => i.Name).ToHashSet();
        Keep(graph.Input, i => !initialised.Contains(i.Name));
        Keep(graph.ValueInfo, v => needed.Contains(v.Name));
        graph.Output.Clear();
        graph.Output.AddRange(tensors.Select(t => new ValueInfoProto { Name = t }));
        return pruned;
    }

    /// <summary>
    /// Replaces the outputs of a pruned graph by one, [N, D]: each tensor is averaged over its spatial axes where it has them, then all are
    /// concatenated in the order given.
    /// </summary>
    /// <returns>The name of the one output: "features" unless the graph uses that name itself.</returns>
    public static string AppendFeatures(GraphProto graph, IReadOnlyList<TensorShape> tensors)
    {
        var names = graph.Names();
        var features = Unused(names, "features");
        var rows = new List<string>();
        foreach (var tensor in tensors)
        {
            var source = tensor.Name;
            if (tensor is { IsSpatial: true, IsChannelsLast: true })
            {
                var order = new AttributeProto { Name = "perm", Type = AttributeProto.Types.AttributeType.Ints, Ints = { 0, 3, 1, 2 } };
                source = Unused(names, "channels_first");
                graph.Node.Add(new NodeProto { OpType = "Transpose", Input = { tensor.Name }, Output = { source }, Attribute = { order } });
            }
            if (tensor.IsSpatial)
            {
                var map = source;
                source = Unused(names, "pooled");
                graph.Node.Add(new NodeProto { OpType = "GlobalAveragePool", Input = { map }, Output = { source } });
            }
            rows.Add(tensors.Count == 1 ? features : Unused(names, "row"));
            graph.Node.Add(new NodeProto { OpType = "Flatten", Input = { source }, Output = { rows[^1] } });
        }
        if (rows.Count > 1)
        {
            var axis = new AttributeProto { Name = "axis", Type = AttributeProto.Types.AttributeType.Int, I = 1 };
            graph.Node.Add(new NodeProto { OpType = "Concat", Input = { rows }, Output = { features }, Attribute = { axis } });
        }
        graph.Output.Clear();
        graph.Output.Add(new ValueInfoProto { Name = features });
        ImageInput.Declare(graph.Output[0], tensors.Sum(t => t.Channels));
        return features;
    }

    /// <summary>The name, or the name with the first number that makes it new; takes it.</summary>
    public static string Unused(HashSet<string> names, string name)
    {
        var candidate = name;
        for (var i = 1; !names.Add(candidate); i++)
            candidate = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}_{i}");
        return candidate;
    }

    private static void Keep<T>(Google.Protobuf.Collections.RepeatedField<T> items, Func<T, bool> condition)
    {
        var kept = items.Where(condition).ToList();
        items.Clear();
        items.AddRange(kept);
    }
}
