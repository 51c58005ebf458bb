using System.Security.Cryptography;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Images;

namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>
/// Turns a frozen TensorFlow graph into an ONNX backbone, without TensorFlow: what no image changes is computed, batch normalisation goes
/// into the weights, and [N, H, W, C] becomes [N, C, H, W] by transposing weights alone.
/// </summary>
public static class TensorFlowImport
{
    /// <summary>Imports a file.</summary>
    /// <param name="path">A frozen GraphDef (.pb) or a MetaGraphDef (.meta); which one it is, its content tells.</param>
    /// <param name="options">What the file does not say; null for nothing.</param>
    /// <exception cref="TransferException">It cannot be imported; the message says why and what to do.</exception>
    public static ImportedBackbone Read(string path, TensorFlowImportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw new TransferException($"An import takes a file; '{path}' is a folder, perhaps a SavedModel. {GraphFile.HowToFreeze}.");
        return Read(OnnxFile.ReadBytes(path), path, options);
    }

    /// <summary>Imports a graph from memory.</summary>
    /// <param name="graph">The whole file.</param>
    /// <param name="name">What to call it in messages, and the backbone when the options do not name it.</param>
    /// <param name="options">What the file does not say; null for nothing.</param>
    /// <exception cref="TransferException">It cannot be imported; the message says why and what to do.</exception>
    public static ImportedBackbone Read(byte[] graph, string name, TensorFlowImportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentException.ThrowIfNullOrEmpty(name);
        options ??= new();
        CheckOptions(options);
        var (definition, isMeta) = GraphFile.Parse(graph, name);
        var nodes = new TensorFlowGraph(definition, name);
        var input = ImageSource.Find(nodes, options.Input);
        var side = options.Side ?? input.Side ?? throw new TransferException(
            $"The side of the images is that of the network's training; '{input.Tensor}' of '{name}' leaves it open. Give it with --side N, usually 224 or 299.");

        var conversion = new Conversion(nodes, input, side, new ImportBudget(graph.LongLength));
        var output = conversion.Run(options.Output ?? NetworkOutput.Find(nodes, input));
        var layers = conversion.Onnx.Nodes;
        LayerFolding.Prune(layers, output.Tensor);
        if (layers.Count == 0)
            throw new TransferException(
                $"A network computes something from its images; in '{name}' the output '{output.Tensor}' is the input. Name another one with --output NAME.");
        var first = LayerFolding.First(layers, input.Tensor);
        var (preprocessing, source) = Preprocess(options, input, side, conversion.Needed, isMeta, first, name);
        var merged = LayerFolding.Merge(layers, output.Tensor);

        var model = OnnxWriter.Write(conversion.Onnx, input, side, output, name);
        var (cut, dimensions) = DefaultCut.Find(layers, input.Tensor, name);
        var onnx = OnnxFile.Write(model);
        var described = new BackboneDescription
        {
            Name = options.Name ?? Path.GetFileNameWithoutExtension(name),
            Licence = options.Licence ?? Backbone.NoLicence,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(onnx)),
            Preprocessing = preprocessing,
        };
        return new ImportedBackbone
        {
            Onnx = onnx,
            Description = DefaultCut.Describe(onnx, described, cut, [.. layers.Select(layer => layer.Output)]),
            Input = input.Tensor,
            Output = output.Tensor,
            DefaultCut = cut,
            Dimensions = dimensions,
            PreprocessingSource = source,
            Nodes = nodes.Nodes.Count,
            Folded = conversion.Folded + merged,
            OnnxNodes = model.Graph.Node.Count,
            Operators = conversion.Operators,
            Notes = conversion.Notes,
        };
    }

    private static void CheckOptions(TensorFlowImportOptions options)
    {
        if (options.Side is < 1 or > Preprocessing.MaxSide)
            throw new TransferException($"The side is 1 to {Preprocessing.MaxSide} pixels; received {options.Side}. Give that of the network's training.");
        if (options.Mean is null != options.Std is null)
            throw new TransferException(
                $"Mean and deviation belong together; received {(options.Mean is null ? "the deviation" : "the mean")} alone. " +
                "Give both, or none for a known family.");
    }

    private static (Preprocessing, string) Preprocess(
        TensorFlowImportOptions options, ImageSource input, int side, IReadOnlyCollection<string> names, bool isMeta, (float, float) first, string name)
    {
        var (mean, std, source) = options is { Mean: { } givenMean, Std: { } givenStd }
            ? (givenMean, givenStd, "given")
            : KnownPreprocessing.Find(input, names, isMeta, first) ?? throw new TransferException(
                $"How pictures are fed is part of a network; the names in '{name}' belong to none of the known families. " +
                "State it: --range -1..1, 0..1 or 0..255, or --mean and --std.");
        var order = options.Order ?? (input.Channels == 1 ? PixelOrder.Gray : PixelOrder.Rgb);
        if (order == PixelOrder.Gray != (input.Channels == 1))
            throw new TransferException(
                $"The order of channels fits the network; '{name}' takes {input.Channels} and the order is {order}. Give another order.");
        try
        {
            return (new Preprocessing { Side = side, Order = order, Resize = options.Resize, Mean = mean, Std = std }, source);
        }
        catch (ArgumentOutOfRangeException fault)
        {
            throw new TransferException(
                $"The preprocessing of '{name}' is not possible: {fault.Message} State it with --range, or --mean and --std.", fault);
        }
    }
}
