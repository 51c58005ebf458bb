namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>The nodes of a graph by name, and who reads what.</summary>
internal sealed class TensorFlowGraph
{
    private readonly Dictionary<string, NodeDef> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<NodeDef>> _readers = new(StringComparer.Ordinal);

    /// <exception cref="TransferException">Two nodes have one name, or a node reads one that does not exist.</exception>
    public TensorFlowGraph(GraphDef graph, string source)
    {
        Source = source;
        Nodes = graph.Node;
        foreach (var node in graph.Node)
            if (!_nodes.TryAdd(node.Name, node))
                throw new TransferException($"The nodes of a graph have different names; '{source}' has two called '{node.Name}'. The file is damaged.");
        foreach (var node in graph.Node)
            foreach (var read in Inputs(node).Select(input => input.Node).Distinct())
            {
                if (!_nodes.ContainsKey(read))
                    throw new TransferException(
                        $"Every input of a node is in the graph; in '{source}' the node '{node.Name}' ({node.Op}) reads '{read}', which is not. " +
                        "The file is damaged or cut wrongly.");
                if (!_readers.TryGetValue(read, out var readers))
                    _readers.Add(read, readers = []);
                readers.Add(node);
            }
    }

    /// <summary>What to call the graph in messages.</summary>
    public string Source { get; }

    /// <summary>All nodes, in the order of the file.</summary>
    public IReadOnlyList<NodeDef> Nodes { get; }

    /// <summary>The node of a name; null when there is none.</summary>
    public NodeDef? Find(string name) => _nodes.GetValueOrDefault(name);

    /// <summary>The nodes that read any output of a node.</summary>
    public IReadOnlyList<NodeDef> Readers(NodeDef node) => _readers.GetValueOrDefault(node.Name) ?? [];

    /// <summary>What a node reads, without what it merely waits for: the node and which of its outputs.</summary>
    public static IEnumerable<(string Node, int Port)> Inputs(NodeDef node) => node.Input.Where(input => !input.StartsWith('^')).Select(Reference);

    /// <summary>Splits "name" or "name:1".</summary>
    public static (string Node, int Port) Reference(string reference)
    {
        var colon = reference.LastIndexOf(':');
        return colon > 0 && int.TryParse(reference.AsSpan(colon + 1), System.Globalization.NumberStyles.None, null, out var port)
            ? (reference[..colon], port)
            : (reference, 0);
    }

    /// <summary>The nodes that a node needs and itself, each after what it reads. What the start reads is not needed.</summary>
    /// <exception cref="TransferException">The nodes form a cycle.</exception>
    public IReadOnlyList<NodeDef> Needed(NodeDef start, NodeDef end)
    {
        var ordered = new List<NodeDef>();
        var open = new Stack<(NodeDef Node, IEnumerator<string> Reads)>();
        var entered = new HashSet<string>(StringComparer.Ordinal);
        var left = new HashSet<string>(StringComparer.Ordinal);
        Enter(end);
        while (open.TryPeek(out var top))
        {
            if (!top.Reads.MoveNext())
            {
                ordered.Add(top.Node);
                left.Add(top.Node.Name);
                open.Pop();
            }
            else if (!left.Contains(top.Reads.Current))
            {
                Enter(_nodes[top.Reads.Current]);
            }
        }
        return ordered;

        void Enter(NodeDef node)
        {
            if (!entered.Add(node.Name))
                throw new TransferException(
                    $"Networks without loops are imported; in '{Source}' the node '{node.Name}' ({node.Op}) reads, over others, its own output. " +
                    "Export the network for inference.");
            var reads = ReferenceEquals(node, start) ? [] : Inputs(node).Select(input => input.Node);
            open.Push((node, reads.GetEnumerator()));
        }
    }

    /// <summary>For each node that depends on the start: the length of the longest path from there; 1 for what lies in a loop or behind one.</summary>
    public IReadOnlyDictionary<string, int> Depths(NodeDef start)
    {
        // Only what depends on the start is counted, or constants would keep their readers waiting.
        var dependent = new HashSet<string>(StringComparer.Ordinal) { start.Name };
        var open = new Stack<NodeDef>([start]);
        while (open.TryPop(out var node))
            foreach (var reader in Readers(node).Where(reader => dependent.Add(reader.Name)))
                open.Push(reader);

        var waiting = dependent.ToDictionary(
            name => name,
            name => name == start.Name ? 0 : Inputs(_nodes[name]).Select(input => input.Node).Distinct().Count(dependent.Contains),
            StringComparer.Ordinal);
        var depths = new Dictionary<string, int>(StringComparer.Ordinal) { [start.Name] = 0 };
        var ready = new Queue<NodeDef>([start]);
        var done = new Dictionary<string, int>(StringComparer.Ordinal);
        while (ready.TryDequeue(out var node))
        {
            done.Add(node.Name, depths[node.Name]);
            foreach (var reader in Readers(node).Where(reader => reader.Name != start.Name))
            {
                depths[reader.Name] = Math.Max(depths.GetValueOrDefault(reader.Name), depths[node.Name] + 1);
                if (--waiting[reader.Name] == 0)
                    ready.Enqueue(reader);
            }
        }
        foreach (var looped in dependent)
            done.TryAdd(looped, 1);
        return done;
    }
}
