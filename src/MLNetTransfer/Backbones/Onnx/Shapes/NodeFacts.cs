using System.Globalization;
using System.Text;

namespace MLNetTransfer.Backbones.Onnx.Shapes;

/// <summary>A node with what is known of its inputs: what the rules of the operators read.</summary>
internal sealed class NodeFacts(NodeProto node, TensorFacts?[] inputs, ShapeInference inference)
{
    /// <summary>The most axes a tensor may have, so that a hostile graph cannot add axes without end.</summary>
    private const int MaxRank = 16;

    /// <summary>The most elements a tensor may have for one image: 2^31 floats are 8 GiB.</summary>
    private const long MaxElements = ShapeInference.Batch * (1L << 31);

    /// <summary>The most numbers that are followed through arithmetic on sizes.</summary>
    public const int MaxValues = 1024;

    public NodeProto Node { get; } = node;

    public int Inputs => inputs.Length;

    public TensorFacts this[int input] => Optional(input) ?? throw Unknown(string.Create(CultureInfo.InvariantCulture, $"lacks its input {input}"));

    public TensorFacts? Optional(int input) => input < inputs.Length ? inputs[input] : null;

    public IEnumerable<TensorFacts> All => inputs.OfType<TensorFacts>();

    public long Int(string attribute, long otherwise) => Node.Find(attribute) is { HasI: true } found ? found.I : otherwise;

    public long[]? Ints(string attribute) => Node.Find(attribute) is { Ints.Count: > 0 } found ? [.. found.Ints] : null;

    public string? Text(string attribute) => Node.Find(attribute) is { HasS: true } found ? Encoding.UTF8.GetString(found.S.Span) : null;

    /// <summary>Numbers of a list, one for each of a number of axes; the same number for all where the list is left out.</summary>
    public long[] IntsOrAll(string attribute, int count, long otherwise)
    {
        var found = Ints(attribute) ?? [.. Enumerable.Repeat(otherwise, count)];
        return found.Length == count ? found : throw Unknown($"has {found.Length} {attribute} for {count} axes");
    }

    /// <summary>Whole numbers that older operator sets keep in an attribute and newer ones in an input; null when they are left out.</summary>
    public long[]? Numbers(int input, string attribute) => Optional(input) is { } tensor ? Values(tensor, attribute) : Ints(attribute);

    /// <summary>The whole numbers in an input that must be known.</summary>
    public long[] Values(int input, string what) => Values(this[input], what);

    /// <summary>The stored constant that is an input; null when it is computed or left out.</summary>
    public TensorProto? Constant(int input) => input < Node.Input.Count ? inference.Constant(Node.Input[input]) : null;

    /// <summary>An axis counted from the front.</summary>
    public int Axis(long axis, int rank) =>
        axis >= -rank && axis < rank ? (int)(axis < 0 ? axis + rank : axis) : throw Unknown(string.Create(CultureInfo.InvariantCulture, $"names axis {axis} of {rank}"));

    /// <summary>Different axes, counted from the front.</summary>
    public HashSet<int> Axes(IEnumerable<long> axes, int rank) => [.. axes.Select(axis => Axis(axis, rank))];

    /// <summary>What is known of an output.</summary>
    public TensorFacts Result(int type, long[] dims, long[]? values = null)
    {
        if (dims.Length > MaxRank)
            throw Unknown(string.Create(CultureInfo.InvariantCulture, $"makes a tensor of {dims.Length} axes; {MaxRank} are the most"));
        var result = new TensorFacts(type, dims);
        if (dims.Any(dimension => dimension < 0) || result.Count > MaxElements)
            throw Unknown($"makes {result}, which is {(dims.Any(dimension => dimension < 0) ? "impossible" : "too large")}");
        return values?.Length <= MaxValues && values.Length == result.Count ? new TensorFacts(type, dims) { Values = values } : result;
    }

    /// <summary>The shapes of the outputs of a graph inside the node.</summary>
    public TensorFacts[] Infer(string attribute) =>
        inference.OfInner(Node.Find(attribute)?.G ?? throw Unknown($"lacks its graph '{attribute}'"));

    public UnknownShapeException Unknown(string fault) => new($"the {Node.OpType} '{(Node.Name == "" ? Node.Output.FirstOrDefault("") : Node.Name)}' {fault}");

    private long[] Values(TensorFacts tensor, string what) => tensor.Values ?? throw Unknown($"computes its {what} from the image");
}
