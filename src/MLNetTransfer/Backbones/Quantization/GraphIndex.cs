using MLNetTransfer.Backbones.Onnx;

namespace MLNetTransfer.Backbones.Quantization;

/// <summary>Who computes and who reads each tensor of a graph, as it was when the index was made.</summary>
internal sealed class GraphIndex
{
    private readonly Dictionary<string, NodeProto> _producers = [];
    private readonly Dictionary<string, List<NodeProto>> _readers = [];
    private readonly HashSet<string> _outputs;

    public GraphIndex(GraphProto graph)
    {
        Graph = graph;
        _outputs = [.. graph.Output.Select(output => output.Name)];
        foreach (var node in graph.Node)
        {
            foreach (var output in node.Output)
                _producers.TryAdd(output, node);
            foreach (var read in node.Reads().Distinct())
                (_readers.TryGetValue(read, out var readers) ? readers : _readers[read] = []).Add(node);
        }
    }

    public GraphProto Graph { get; }

    public NodeProto? Producer(string tensor) => _producers.GetValueOrDefault(tensor);

    public IReadOnlyList<NodeProto> Readers(string tensor) => _readers.GetValueOrDefault(tensor) ?? [];

    public bool IsOutput(string tensor) => _outputs.Contains(tensor);

    /// <summary>The node that alone reads a tensor nobody else can see; null when there is none or several.</summary>
    public NodeProto? OnlyReader(string tensor) => !IsOutput(tensor) && Readers(tensor) is [var reader] ? reader : null;
}
