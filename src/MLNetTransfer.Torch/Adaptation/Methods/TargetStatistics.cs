using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Torch.FineTuning;

namespace MLNetTransfer.Torch.Adaptation.Methods;

/// <summary>
/// Statistics of the target (Li, Wang, Shi, Liu and Hou, "Revisiting Batch Normalization For Practical Domain Adaptation", 2016; AdaBN): the classifier is trained on features normalised by the
/// source's means and deviations and meets features normalised by the target's, (x - mean_T) / deviation_T. The paper does so for every neuron with batch normalisation; on features it is every
/// feature, in layers of the network every channel that a convolution gives, one convolution after the other, whether or not batch normalisation is folded into it. It fails where the classes' shares differ, which moves the means, and where the domains differ in more than the scale and place of single features.
/// </summary>
public sealed class TargetStatistics : FeatureAdaptation
{
    /// <inheritdoc/>
    public override string Name => "adabn";

    /// <inheritdoc/>
    public override string Summary => "gives every feature of the target the mean and deviation it has in the source";

    /// <inheritdoc/>
    public override string Reference => "Li, Wang, Shi, Liu and Hou, Revisiting Batch Normalization For Practical Domain Adaptation, arXiv 1603.04779, 2016";

    /// <inheritdoc/>
    protected override AdaptedFeatures AdaptFeatures(AdaptationProblem problem, AdaptationSettings settings, CancellationToken cancellation) =>
        new(new Standardisation(problem.Source.Features).Apply(problem.Source), new Standardisation(problem.Target.Features).ToMap());

    internal override bool AdaptsLayers => true;

    internal override AdaptedNetwork AdaptLayers(AdaptableLayers layers, DomainImages images, AdaptedModel onFeatures, AdaptationSettings settings, CancellationToken cancellation)
    {
        var split = layers.Split(layers.Network);
        var (model, preprocessing) = (split.Model, layers.Network.Backbone.Preprocessing);
        var (graph, constants) = (model.Graph, model.Graph.Constants());
        NodeProto[] convolutions = [.. split.Upper.Where(node => node.Is("Conv"))];
        if (convolutions.Length == 0)
            throw new TransferException($"'{Name}' adapts the channels of convolutions; above the cut there are none. Choose a cut nearer to the input, or leave FineTune (--fine-tune) out.");
        var source = ChannelStatistics.Of(model, [.. convolutions.Select(node => node.Output[0])], preprocessing, images.SourcePaths, layers.Threads, cancellation);
        foreach (var (i, node) in convolutions.Index())
        {
            layers.Report("adapting layers", i, convolutions.Length);
            var target = ChannelStatistics.Of(model, [node.Output[0]], preprocessing, images.TargetPaths, layers.Threads, cancellation)[0];
            Correct(graph, node, constants, source[i], target);
        }
        layers.Report("adapting layers", convolutions.Length, convolutions.Length);
        return new AdaptedNetwork(FineTuner.TunedCut(layers.Network, OnnxFile.Write(model), hiddenUnits: 0), new SourceOnly().Adapt(images.Problem, settings, cancellation));
    }

    /// <summary>Gives the output of a convolution the source's statistics on the target: (y - mean_T) / deviation_T deviation_S + mean_S, in its kernel and bias.</summary>
    private void Correct(GraphProto graph, NodeProto node, IReadOnlyDictionary<string, TensorProto> constants, ChannelStatistics source, ChannelStatistics target)
    {
        TensorProto Own(string input) => constants.TryGetValue(input, out var tensor) && graph.Node.Sum(other => other.Input.Count(read => read == input)) == 1
            ? tensor
            : throw new TransferException($"'{Name}' changes the weights of every convolution above the cut; those of '{node.Output[0]}' are computed or shared. Leave FineTune (--fine-tune) out.");
        var kernel = Own(node.Input[1]);
        var weights = kernel.FloatValues(int.MaxValue) ?? throw new TransferException($"Layers are adapted whose numbers are 32-bit floats; those of '{node.Output[0]}' are not. Use an unquantised export of the network.");
        var (channels, biases) = (source.Means.Length, node.Input.Count > 2 && node.Input[2] != "" ? Own(node.Input[2]).FloatValues(int.MaxValue)! : new float[source.Means.Length]);
        for (var channel = 0; channel < channels; channel++)
        {
            // A channel that is the same everywhere in the target is only moved.
            var scale = target.Deviations[channel] > 1e-6 * Math.Max(1e-6, source.Deviations[channel]) ? source.Deviations[channel] / target.Deviations[channel] : 1;
            foreach (ref var weight in weights.AsSpan(channel * (weights.Length / channels), weights.Length / channels))
                weight = (float)(scale * weight);
            biases[channel] = (float)((scale * (biases[channel] - target.Means[channel])) + source.Means[channel]);
        }
        kernel.SetFloats(weights);
        if (node.Input.Count > 2 && node.Input[2] != "")
        {
            Own(node.Input[2]).SetFloats(biases);
            return;
        }
        var bias = new TensorProto { Name = GraphCut.Unused(graph.Names(), "adapted_bias"), DataType = (int)TensorProto.Types.DataType.Float, Dims = { channels } };
        bias.SetFloats(biases);
        graph.Initializer.Add(bias);
        while (node.Input.Count < 3)
            node.Input.Add("");
        node.Input[2] = bias.Name;
    }
}
