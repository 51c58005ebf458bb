using MLNetTransfer.Backbones.Onnx;

namespace MLNetTransfer.Backbones;

/// <summary>Names cuts after their tensors, in a form that can be typed; each name once.</summary>
internal static class CutNames
{
    /// <summary>The names of the cuts at tensors, from input to output.</summary>
    /// <param name="tensors">The tensors.</param>
    /// <param name="last">Which of them is called "last"; those before it lie inside the network.</param>
    /// <param name="producers">The node that computes each tensor.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> tensors, int last, IReadOnlyDictionary<string, NodeProto> producers)
    {
        var names = tensors.Select(tensor => Readable(tensor, producers.GetValueOrDefault(tensor))).ToArray();
        // What all inner names have in common tells nothing: the scopes of "MobilenetV1/MobilenetV1/Conv2d_5_pointwise/Relu6".
        var parts = names.Take(last).Select(name => name.Split('/')).ToArray();
        while (parts.Length > 1 && parts.All(part => part.Length > 1 && part[0] == parts[0][0]))
            parts = [.. parts.Select(part => part[1..])];
        while (parts.Length > 1 && parts.All(part => part.Length > 1 && part[^1] == parts[0][^1]))
            parts = [.. parts.Select(part => part[..^1])];
        parts.Select(part => string.Join('/', part)).ToArray().CopyTo(names, 0);

        HashSet<string> taken = [Cut.Last, "auto"];
        return [.. names.Select((name, i) => i == last ? Cut.Last : GraphCut.Unused(taken, name))];
    }

    /// <summary>
    /// The tensor's name, or its node's where exporters number tensors; without what exporters add to every name, and without what a shell would
    /// take apart.
    /// </summary>
    private static string Readable(string tensor, NodeProto? node)
    {
        var name = Trimmed(tensor);
        if (name.All(char.IsAsciiDigit))
            name = node is { Name: not "" } && !node.Name.All(char.IsAsciiDigit) ? Trimmed(node.Name) : $"{node?.OpType.ToLowerInvariant()}_{name}".Trim('_');
        return name == "" ? "cut" : string.Concat(name.Select(c => char.IsLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or ':' ? c : '_'));
    }

    private static string Trimmed(string name)
    {
        name = name.TrimStart('/');
        foreach (var ending in (ReadOnlySpan<string>)[":0", "_output_0"])
            if (name.EndsWith(ending, StringComparison.Ordinal))
                name = name[..^ending.Length];
        return name;
    }
}
