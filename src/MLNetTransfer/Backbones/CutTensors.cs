using System.Globalization;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Backbones.Onnx.Shapes;

namespace MLNetTransfer.Backbones;

/// <summary>Turns descriptions of cuts into cuts: what their tensors look like and what lies below them.</summary>
internal static class CutTensors
{
    /// <summary>The shapes of tensors to cut at.</summary>
    /// <exception cref="TransferException">A tensor is not computed, or is not a row or a map of features for each image.</exception>
    public static Dictionary<string, TensorShape> Find(GraphProto graph, ShapeInference shapes, IEnumerable<string> tensors, string source)
    {
        var computed = graph.Node.SelectMany(node => node.Output).ToHashSet();
        return tensors.ToDictionary(tensor => tensor, tensor =>
            !computed.Contains(tensor)
                ? throw new TransferException(
                    $"A cut is at tensors that the graph computes; '{source}' has no tensor '{tensor}'. Correct the cuts in its description.")
            : shapes.Find(tensor) is { } facts ? Describe(tensor, facts, source)
            : throw new TransferException(
                $"The shape of a cut follows from the shape of an image; that of '{tensor}' in '{source}' does not: {shapes.Reason(tensor)}. " +
                "Export the network again with a dynamic batch size, or name another tensor."));
    }

    /// <summary>The cuts, and the weights and multiply-adds of the whole network.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="shapes">What is known of its tensors.</param>
    /// <param name="cuts">The cuts as described.</param>
    /// <param name="tensors">The shapes of their tensors.</param>
    /// <param name="isNested">Whether each cut lies above all before it, so that one count goes on from cut to cut.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <exception cref="TransferException">The network is larger than can be counted.</exception>
    public static (IReadOnlyList<Cut> Cuts, long Parameters, long MultiplyAdds) Measure(
        GraphProto graph, ShapeInference shapes, IReadOnlyList<CutDescription> cuts, Dictionary<string, TensorShape> tensors, bool isNested, string source)
    {
        try
        {
            var producers = graph.Producers();
            var work = new WorkBelow(producers, shapes);
            var measured = new List<Cut>();
            foreach (var cut in cuts)
            {
                work = (isNested ? work : new WorkBelow(producers, shapes)).Add(cut.Tensors);
                var dimensions = checked(cut.Tensors.Sum(tensor => tensors[tensor].Channels));
                measured.Add(new Cut(cut.Name, [.. cut.Tensors], dimensions)
                {
                    Shape = cut.Tensors is [var only] ? new(dimensions, tensors[only].Height, tensors[only].Width) : new(dimensions, 1, 1),
                    Parameters = work.Parameters,
                    MultiplyAdds = work.MultiplyAdds,
                });
            }
            var whole = new WorkBelow(producers, shapes).Add(graph.Output.Select(output => output.Name));
            return (measured, whole.Parameters, whole.MultiplyAdds);
        }
        catch (OverflowException error)
        {
            throw new TransferException($"A backbone has features, weights and multiply-adds that can be counted; '{source}' has more. Choose a smaller network.", error);
        }
    }

    private static TensorShape Describe(string tensor, TensorFacts facts, string source)
    {
        if (facts.Type != TensorFacts.Float)
            throw new TransferException($"A cut is at tensors of float32; '{tensor}' of '{source}' holds {TypeName(facts.Type)}. Name another tensor.");
        if (facts.Rank == 0 || facts.Dims[0] != ShapeInference.Batch)
            throw new TransferException(
                $"The first dimension of a cut is the number of images N; '{tensor}' of '{source}' is {facts}. " +
                "Export the network with a dynamic batch size, or name another tensor.");
        if (facts.Rank is not (2 or 4) || facts.Dims.Any(dimension => dimension is < 1 or > int.MaxValue))
            throw new TransferException($"A cut is at tensors [N, C, H, W] or [N, C]; '{tensor}' of '{source}' is {facts}. Name another tensor.");
        var sizes = facts.Dims.Skip(1).Select(dimension => (int)dimension).ToArray();
        return sizes switch
        {
            [var channels] => new TensorShape(tensor, channels),
            [var height, var width, var channels] when facts.IsChannelsLast => new TensorShape(tensor, channels, height, width, true),
            _ => new TensorShape(tensor, sizes[0], sizes[1], sizes[2]),
        };
    }

    private static string TypeName(int type) => type switch
    {
        2 => "uint8",
        3 => "int8",
        6 => "int32",
        7 => "int64",
        9 => "truth values",
        10 => "float16",
        11 => "float64",
        16 => "bfloat16",
        _ => string.Create(CultureInfo.InvariantCulture, $"elements of ONNX type {type}"),
    };
}
