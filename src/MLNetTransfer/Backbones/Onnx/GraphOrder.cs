namespace MLNetTransfer.Backbones.Onnx;

/// <summary>Puts nodes behind the nodes whose outputs they read.</summary>
internal static class GraphOrder
{
    /// <summary>Sorts the nodes of a graph; those that lie in order keep their places, and of two that are free the earlier comes first.</summary>
    /// <exception cref="TransferException">Nodes wait for each other, or two compute the same tensor.</exception>
    public static void Sort(GraphProto graph, string name)
    {
        var producers = new Dictionary<string, int>();
        foreach (var given in graph.Initializer.Select(i => i.Name).Concat(graph.Input.Select(i => i.Name)))
            producers[given] = -1;
        foreach (var (i, node) in graph.Node.Index())
            foreach (var output in node.Output)
                if (output != "" && !producers.TryAdd(output, i))
                    throw new TransferException(
                        $"Every tensor of a backbone is computed once; '{name}' computes '{output}' twice. Export it again.");

        var readers = new List<int>?[graph.Node.Count];
        var waiting = new int[graph.Node.Count];
        var isSorted = true;
        foreach (var (i, node) in graph.Node.Index())
            foreach (var read in node.Reads().Distinct())
                if (producers.TryGetValue(read, out var producer) && producer >= 0)
                {
                    (readers[producer] ??= []).Add(i);
                    waiting[i]++;
                    isSorted &= producer < i;
                }
        if (isSorted)
            return;

        var sorted = new List<NodeProto>();
        var free = new PriorityQueue<int, int>(Enumerable.Range(0, waiting.Length).Where(i => waiting[i] == 0).Select(i => (i, i)));
        while (free.TryDequeue(out var i, out _))
        {
            sorted.Add(graph.Node[i]);
            foreach (var reader in readers[i] ?? [])
                if (--waiting[reader] == 0)
                    free.Enqueue(reader, reader);
        }
        if (sorted.Count < graph.Node.Count)
            throw new TransferException(
                $"A backbone computes from its image to its output; in '{name}' '{graph.Node[Array.FindIndex(waiting, count => count > 0)].Output.FirstOrDefault("")}' " +
                "waits for itself in a circle. Export it again.");
        graph.Node.Clear();
        graph.Node.AddRange(sorted);
    }
}
