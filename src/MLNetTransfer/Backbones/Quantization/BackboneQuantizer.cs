using MLNetTransfer.Backbones.Onnx;

namespace MLNetTransfer.Backbones.Quantization;

/// <summary>Quantises.</summary>
public static class BackboneQuantizer
{
    /// <summary>Quantises.</summary>
    public static QuantizedBackbone Quantize(Backbone backbone, Cut cut, IReadOnlyList<string> images, QuantizationOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new QuantizationOptions();
        var model = OnnxFile.Parse(backbone.CutAt(cut).Onnx, backbone.Name);
        var kept = backbone.Cuts.SelectMany(c => c.Tensors).ToHashSet();
        ConvolutionFolding.Apply(model.Graph, kept);
        var plan = new QuantizationPlan(model.Graph, kept, options.Float.ToHashSet());
        var (scales, read, skipped) = Calibration.Run(model, plan, backbone.Preprocessing, images, options.Activations, progress, cancellation);
        QuantizedGraph.Write(model, plan, scales, options.ReducedRange);
        var computed = model.Graph.Node.SelectMany(n => n.Output).ToHashSet();
        var description = new BackboneDescription
        {
            Name = backbone.Name + "-int8",
            Licence = backbone.Licence,
            Preprocessing = backbone.Preprocessing,
            Cuts = [.. backbone.Cuts.Where(c => c.Tensors.All(computed.Contains)).Select(c => new CutDescription { Name = c.Name == Cut.Last ? "pooled" : c.Name, Tensors = c.Tensors })],
            DefaultCut = cut.Name == Cut.Last ? "pooled" : cut.Name,
        };
        return new QuantizedBackbone(OnnxFile.Write(model), description, skipped);
    }
}
