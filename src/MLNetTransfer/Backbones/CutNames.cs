using MLNetTransfer.Backbones.Onnx;

namespace MLNetTransfer.Backbones;

/// <summary>Names cuts after their tensors, in a form that can be typed; each name once.</summary>
internal sealed class CutNames(IReadOnlyDictionary<string, NodeProto> producers)
{
    private readonly HashSet<string> _taken = [Cut.Last, "auto"];

    /// <summary>The name of the cut at a tensor: that of the tensor, or that of its node where exporters number tensors.</summary>
    public string Of(string tensor)
    {
        var node = producers.GetValueOrDefault(tensor);
        var name = Readable(tensor);
        if (name.All(char.IsAsciiDigit))
            name = node is { Name: not "" } && !node.Name.All(char.IsAsciiDigit) ? Readable(node.Name) : $"{node?.OpType.ToLowerInvariant()}_{name}".Trim('_');
        return GraphCut.Unused(_taken, name == "" ? "cut" : name);
    }

    /// <summary>Without what exporters add to every name, and without what a shell would take apart.</summary>
    private static string Readable(string name)
    {
        name = name.TrimStart('/');
        foreach (var ending in (ReadOnlySpan<string>)[":0", "_output_0"])
            if (name.EndsWith(ending, StringComparison.Ordinal))
                name = name[..^ending.Length];
        return string.Concat(name.Select(c => char.IsLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or ':' ? c : '_'));
    }
}
