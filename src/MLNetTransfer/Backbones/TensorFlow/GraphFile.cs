using Google.Protobuf;
using MLNetTransfer.Backbones.Onnx;

namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>Reads TensorFlow's graph files; which kind one is, its content tells.</summary>
internal static class GraphFile
{
    public const string HowToFreeze =
        "Freeze the graph, so that its variables become constants: convert_variables_to_constants_v2 in TensorFlow 2, freeze_graph in TensorFlow 1";

    private const int MostNameLength = 4096;

    /// <summary>The graph of a frozen GraphDef or of a MetaGraphDef.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <returns>The graph, and whether it was wrapped in a MetaGraphDef.</returns>
    /// <exception cref="TransferException">It is neither.</exception>
    public static (GraphDef Graph, bool IsMeta) Parse(byte[] bytes, string source)
    {
        if (bytes is [0x08, ..])
            throw new TransferException(IsOnnx(bytes)
                ? $"Only TensorFlow graphs are imported; '{source}' is an ONNX file. Use it directly: --backbone {source}"
                : $"An import takes a frozen graph; '{source}' looks like a SavedModel, whose weights lie in other files. {HowToFreeze}.");
        try
        {
            if (StartsWithNode(bytes))
                return (Checked(GraphDef.Parser.ParseFrom(bytes), source), false);
            if (MetaGraphDef.Parser.ParseFrom(bytes).GraphDef is { } graph)
                return (Checked(graph, source), true);
            throw NotAGraph(source, "no graph was found in it");
        }
        catch (Exception error) when (error is InvalidProtocolBufferException or InvalidOperationException or ArgumentException)
        {
            throw NotAGraph(source, $"reading stopped with: {error.Message.TrimEnd('.')}", error);
        }
    }

    // A MetaGraphDef begins with a message of its own in the place of a GraphDef's first node.
    private static bool StartsWithNode(byte[] bytes)
    {
        var input = new CodedInputStream(bytes);
        if (input.ReadTag() != 0x0a)
            return false;
        try
        {
            return NodeDef.Parser.ParseFrom(input.ReadBytes()) is { Name.Length: > 0, Op.Length: > 0 } node
                && node.Op.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '>' or '.');
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    private static bool IsOnnx(byte[] bytes)
    {
        try
        {
            return ModelProto.Parser.ParseFrom(bytes) is { Graph.Node.Count: > 0 } model && model.OpsetImport.Count > 0;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    private static GraphDef Checked(GraphDef graph, string source)
    {
        if (graph.Node.Count == 0)
            throw NotAGraph(source, "its graph has no node");
        if (graph.Node.FirstOrDefault(node => node.Name.Length is 0 or > MostNameLength || node.Op.Length is 0 or > MostNameLength) is { } nameless)
            throw NotAGraph(source, $"a node is called '{Short(nameless.Name)}' and has the operator '{Short(nameless.Op)}'");
        return graph;
    }

    private static string Short(string text) => text.Length <= 80 ? text : text[..80] + "...";

    private static TransferException NotAGraph(string source, string received, Exception? cause = null)
    {
        var message = $"A TensorFlow graph is a binary GraphDef (.pb) or MetaGraphDef (.meta); in '{source}' {received}. " +
            "It is another kind of file, text, or truncated: export or copy it again.";
        return cause is null ? new(message) : new(message, cause);
    }
}
