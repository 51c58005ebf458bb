using Google.Protobuf;

namespace MLNetTransfer.Backbones.Onnx;

/// <summary>Reads and writes ONNX files: what comes back is known to be an ONNX graph this project can work on.</summary>
internal static class OnnxFile
{
    public const int MinOpset = 7;
    public const int MaxOpset = 22;

    /// <summary>The bytes of a file.</summary>
    /// <exception cref="TransferException">It is missing, unreadable or larger than an ONNX file can be.</exception>
    public static byte[] ReadBytes(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
                throw new TransferException($"A backbone is an ONNX file; there is no file '{path}'. Check the path.");
            if (file.Length > Array.MaxLength)
                throw new TransferException($"An ONNX file is smaller than 2 GiB; '{path}' has {file.Length} bytes. Choose a smaller network.");
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new TransferException($"The backbone '{path}' cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Reads and checks a model.</summary>
    /// <param name="onnx">The whole file.</param>
    /// <param name="name">What to call it in messages, usually its path.</param>
    /// <exception cref="TransferException">It is not ONNX, is truncated, keeps its weights elsewhere, or is of an operator set outside 7 to 22.</exception>
    public static ModelProto Parse(ReadOnlySpan<byte> onnx, string name)
    {
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(onnx);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw NotOnnx(name, $"reading stopped with: {error.Message.TrimEnd('.')}", error);
        }
        if (!model.HasIrVersion)
            throw NotOnnx(name, "it has no ir_version");
        if (model.Graph is null || model.Graph.Node.Count == 0)
            throw NotOnnx(name, "it has no graph");
        if (model.OpsetImport.FirstOrDefault(set => set.Domain is "" or "ai.onnx") is not { } opset)
            throw NotOnnx(name, "it names no operator set");
        if (opset.Version is < MinOpset or > MaxOpset)
            throw new TransferException(
                $"ONNX operator sets {MinOpset} to {MaxOpset} are supported; '{name}' is of {opset.Version}. Export or convert it to one of those.");
        if (model.Graph.Output.Count == 0)
            throw NotOnnx(name, "its graph has no output");
        CheckTensors(model.Graph, name);
        GraphOrder.Sort(model.Graph, name);
        return model;
    }

    /// <summary>The bytes of a model, the same for equal models.</summary>
    public static byte[] Write(ModelProto model) => model.ToByteArray();

    private static TransferException NotOnnx(string name, string received, Exception? cause = null)
    {
        var message = $"A backbone is a complete ONNX file; in '{name}' {received}. " +
            "It is another kind of file, or truncated: export or copy it again.";
        return cause is null ? new(message) : new(message, cause);
    }

    private static void CheckTensors(GraphProto graph, string name)
    {
        foreach (var tensor in graph.Initializer)
            Check(tensor, name);
        foreach (var attribute in graph.Node.SelectMany(node => node.Attribute))
        {
            if (attribute.T is not null)
                Check(attribute.T, name);
            foreach (var tensor in attribute.Tensors)
                Check(tensor, name);
            foreach (var inner in attribute.InnerGraphs())
                CheckTensors(inner, name);
        }
    }

    private static void Check(TensorProto tensor, string name)
    {
        if (tensor.DataLocation == TensorProto.Types.DataLocation.External || tensor.ExternalData.Count > 0)
            throw new TransferException(
                $"A backbone holds its weights in the one file; '{name}' keeps those of '{tensor.Name}' in another one. " +
                "Save it again without external data.");
        if (TensorData.Fault(tensor) is { } fault)
            throw NotOnnx(name, fault);
    }
}
