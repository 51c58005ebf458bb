using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Backbones.Onnx.Shapes;

namespace MLNetTransfer.Backbones;

/// <summary>One step on the way from the image to the output: a tensor that the whole network passes through, and the nodes since the last such tensor.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="Nodes">The nodes in between: one, or a block that forks and joins again.</param>
/// <param name="From">The tensor before.</param>
internal sealed record NetworkStep(string Tensor, IReadOnlyList<NodeProto> Nodes, string From)
{
    private static readonly string[] Linear =
        ["Conv", "FusedConv", "ConvInteger", "QLinearConv", "ConvTranspose", "Gemm", "MatMul", "MatMulInteger", "QLinearMatMul"];

    /// <summary>The convolutions and matrix products.</summary>
    public IReadOnlyList<NodeProto> Layers { get; } = [.. Nodes.Where(node => Linear.Contains(node.OpType))];

    /// <summary>Whether it changes each value on its own, or by a gate (squeeze and excitation), so that what was learnt is complete only after it.</summary>
    public bool IsActivation => IsGate || Nodes.All(node => ElementwiseRules.Names.Contains(node.OpType));

    /// <summary>Whether weights are applied that make something new of what came before.</summary>
    public bool IsLearnt => Layers.Count > 0 && !IsGate;

    private bool IsGate => Nodes is [_, .., { OpType: "Mul" } last] && last.Input.Contains(From);

    /// <summary>Finds the steps from the image to a tensor, the first one being the image itself.</summary>
    /// <param name="graph">A graph in topological order.</param>
    /// <param name="shapes">What is known of its tensors.</param>
    /// <param name="image">The image.</param>
    /// <param name="end">The tensor.</param>
    public static List<NetworkStep> Between(GraphProto graph, ShapeInference shapes, string image, string end)
    {
        var readers = Readers(graph, shapes, end);
        var steps = new List<NetworkStep> { new(image, [], image) };
        var between = new List<NodeProto>();
        // A tensor is passed by every way through the network if, once it is made, nothing else that was made is still waited for.
        var waitedFor = readers.ContainsKey(image) ? 1 : 0;
        foreach (var node in graph.Node)
        {
            var made = node.Output.Where(readers.ContainsKey).ToList();
            if (made.Count == 0)
                continue;
            between.Add(node);
            foreach (var read in node.Reads().Distinct())
                if (readers.TryGetValue(read, out var left))
                {
                    readers[read] = left - 1;
                    waitedFor -= left == 1 ? 1 : 0;
                }
            waitedFor += made.Count;
            if (waitedFor != 1 || made.Count != 1)
                continue;
            steps.Add(new NetworkStep(made[0], between, steps[^1].Tensor));
            between = [];
        }
        return steps;
    }

    /// <summary>How many nodes on the way to the end read each tensor of image data.</summary>
    private static Dictionary<string, int> Readers(GraphProto graph, ShapeInference shapes, string end)
    {
        var producers = graph.Producers();
        var readers = new Dictionary<string, int> { [end] = 1 };
        var seen = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        var open = new Stack<string>([end]);
        while (open.TryPop(out var tensor))
            if (producers.TryGetValue(tensor, out var node) && seen.Add(node))
                foreach (var read in node.Reads().Distinct())
                    if (shapes.Find(read) is { IsImageData: true })
                    {
                        if (!readers.TryGetValue(read, out var count))
                            open.Push(read);
                        readers[read] = count + 1;
                    }
        return readers;
    }
}
