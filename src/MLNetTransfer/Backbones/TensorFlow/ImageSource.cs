using System.Runtime.InteropServices;

namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>The tensor that images are fed to.</summary>
/// <param name="Node">The node it belongs to.</param>
/// <param name="Tensor">Its name: that of the node, or "name:1".</param>
/// <param name="Channels">3, or 1 for grey.</param>
/// <param name="Side">The side of the images when the graph says it.</param>
/// <param name="Batch">The number of images the graph was made for; null when open.</param>
/// <param name="IsChannelsFirst">Whether the graph wants [N, C, H, W].</param>
/// <param name="IsPixels">Whether the graph itself made it of a picture's bytes: pixels of 0 to 255.</param>
internal sealed record ImageSource(NodeDef Node, string Tensor, int Channels, int? Side, int? Batch, bool IsChannelsFirst, bool IsPixels)
{
    // What may stand between a picture and the network: done here before an image is fed.
    private static readonly string[] Preparations =
        ["Cast", "ExpandDims", "ResizeBilinear", "ResizeBicubic", "ResizeNearestNeighbor", "ResizeArea", "DecodeJpeg", "DecodePng", "DecodeBmp", "DecodeImage"];

    /// <summary>Finds the tensor.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="name">The tensor a user names; null to look for it.</param>
    /// <exception cref="TransferException">It is missing, or there are several.</exception>
    public static ImageSource Find(TensorFlowGraph graph, string? name)
    {
        if (name is not null)
        {
            var (node, port) = TensorFlowGraph.Reference(name);
            var named = graph.Find(node)
                ?? throw new TransferException($"The input is a tensor of the graph; '{graph.Source}' has none called '{name}'. {Candidates(graph)}");
            return Describe(graph, named, port);
        }
        var images = graph.Nodes.Where(node => node.Op is "Placeholder" or "PlaceholderWithDefault" && IsImage(node) && graph.Readers(node).Count > 0).ToList();
        if (images.Exists(node => Dimensions(node) is not null))
            images.RemoveAll(node => Dimensions(node) is null);
        if (images.Count == 0)
            images = [.. graph.Nodes.Where(node => node.Op.StartsWith("Decode", StringComparison.Ordinal) && Preparations.Contains(node.Op))];
        return images switch
        {
            [var only] => Describe(graph, BehindPreparations(graph, only), 0),
            [] => throw new TransferException($"A network has a Placeholder that takes images; '{graph.Source}' has none. {Candidates(graph)}"),
            _ => throw new TransferException(
                $"A network has one Placeholder that takes images; '{graph.Source}' has {images.Count}: " +
                $"{string.Join(", ", images.Take(5).Select(node => node.Name))}. Choose one with --input NAME."),
        };
    }

    private static string Candidates(TensorFlowGraph graph)
    {
        var names = graph.Nodes.Where(node => node.Op.StartsWith("Placeholder", StringComparison.Ordinal)).Take(5).Select(node => node.Name).ToArray();
        return names.Length == 0
            ? "Name the tensor that takes images with --input NAME."
            : $"Its placeholders are {string.Join(", ", names)}: name the tensor that takes images with --input NAME.";
    }

    private static ImageSource Describe(TensorFlowGraph graph, NodeDef node, int port)
    {
        var (tensor, source) = (port == 0 ? node.Name : $"{node.Name}:{port}", graph.Source);
        var isPixels = Before(graph, node).Any(before => before.Op.StartsWith("Decode", StringComparison.Ordinal) || DataTypeOf(before) == DataType.UInt8);
        var resized = Before(graph, node).Select(before => ResizedTo(graph, before)).FirstOrDefault(size => size is not null);
        if (Dimensions(node) is not { } dimensions)
            return new(node, tensor, 3, resized, null, false, isPixels);
        var (batch, isFirst) = (Known(dimensions[0]), dimensions[3] is not (1 or 3) && dimensions[1] is 1 or 3);
        var (channels, height, width) = isFirst ? (dimensions[1], dimensions[2], dimensions[3]) : (dimensions[3], dimensions[1], dimensions[2]);
        if (channels is not (-1 or 1 or 3) || (height != width && height != -1 && width != -1)
            || Math.Max(height, width) is 0 or > Images.Preprocessing.MaxSide)
            throw new TransferException(
                $"A backbone takes square images of 1 or 3 channels, up to {Images.Preprocessing.MaxSide} pixels wide; '{tensor}' of '{source}' takes " +
                $"{height} x {width} of {channels} (-1: any). Choose another tensor with --input NAME.");
        return new(node, tensor, channels == -1 ? 3 : (int)channels, Known(Math.Max(height, width)) ?? resized, batch, isFirst, isPixels);

        static int? Known(long dimension) => dimension is >= 1 and <= int.MaxValue ? (int)dimension : null;
    }

    /// <summary>The last of the preparations that follow a node; the node itself when none does.</summary>
    private static NodeDef BehindPreparations(TensorFlowGraph graph, NodeDef node)
    {
        // No path is longer than the graph: a cycle ends the walk.
        for (var step = 0; step < graph.Nodes.Count && graph.Readers(node) is [var reader] && Preparations.Contains(reader.Op); step++)
            node = reader;
        return node;
    }

    /// <summary>The node and what it is made of, along first inputs.</summary>
    private static IEnumerable<NodeDef> Before(TensorFlowGraph graph, NodeDef node)
    {
        for (var step = 0; step < Preparations.Length && node is not null; step++)
        {
            yield return node;
            if (!Preparations.Contains(node.Op)
                || TensorFlowGraph.Inputs(node).FirstOrDefault().Node is not { } first || graph.Find(first) is not { } before)
                yield break;
            node = before;
        }
    }

    private static int? ResizedTo(TensorFlowGraph graph, NodeDef node)
    {
        if (!node.Op.StartsWith("Resize", StringComparison.Ordinal) || TensorFlowGraph.Inputs(node).ElementAtOrDefault(1).Node is not { } name)
            return null;
        var tensor = graph.Find(name) is { Op: "Const" } size && size.Attr.TryGetValue("value", out var value) ? value.Tensor : null;
        var sizes = tensor is null ? [] : tensor.IntVal.Count > 0 ? [.. tensor.IntVal]
            : tensor.TensorContent.Length == 8 ? MemoryMarshal.Cast<byte, int>(tensor.TensorContent.Span).ToArray() : Array.Empty<int>();
        return sizes is [var height, .. var rest] && rest.All(width => width == height) && height is >= 1 and <= Images.Preprocessing.MaxSide ? height : null;
    }

    private static bool IsImage(NodeDef node) =>
        DataTypeOf(node) is DataType.Float or DataType.UInt8
        && (Dimensions(node) is not null || Shape(node) is null or { UnknownRank: true } or { Dim.Count: 0 });

    private static DataType DataTypeOf(NodeDef node) => node.Attr.TryGetValue("dtype", out var type) ? (DataType)type.Type : 0;

    private static ShapeDef? Shape(NodeDef node) => node.Attr.TryGetValue("shape", out var shape) ? shape.Shape : null;

    private static long[]? Dimensions(NodeDef node) => Shape(node) is { UnknownRank: false, Dim.Count: 4 } shape ? [.. shape.Dim.Select(d => d.Size)] : null;
}
