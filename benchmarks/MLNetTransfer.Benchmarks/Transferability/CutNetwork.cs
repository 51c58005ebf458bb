using MLNetTransfer.Torch.Pretraining;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetTransfer.Benchmarks.Transferability;

/// <summary>
/// The network of the embedded backbone, at a width of choice and for one question, that can be entered and left behind each of its six layers: the stem
/// and the five residual blocks. Activations are bfloat16 and have their channels last.
/// </summary>
internal sealed class CutNetwork : nn.Module<Tensor, Tensor>
{
    /// <summary>What can be transferred: the stem and the residual blocks.</summary>
    public const int Layers = 6;

    private readonly nn.Module<Tensor, Tensor>[] _layers;
    private readonly Linear _classifier;

    /// <summary>Builds the network with the weights of a seed.</summary>
    public CutNetwork(RandomStream weights, int classes, int width) : base("cut-network")
    {
        random.manual_seed((long)(weights.NextUInt64() >> 1));
        var layers = new List<nn.Module<Tensor, Tensor>> { new ConvolutionUnit("stem", 3, width, 5, 2) };
        var channels = width;
        for (var stage = 0; stage < ResidualNetwork.Blocks.Length; stage++)
        {
            for (var block = 0; block < ResidualNetwork.Blocks[stage]; block++)
            {
                layers.Add(new ResidualBlock(FormattableString.Invariant($"stage{stage + 1}_{block + 1}"), channels, width << stage, stage > 0 && block == 0 ? 2 : 1));
                channels = width << stage;
            }
        }

        _layers = [.. layers];
        _classifier = nn.Linear(channels, classes);
        foreach (var layer in _layers)
            register_module(layer.GetName(), layer);
        register_module("classifier", _classifier);
    }

    /// <summary>Logits of images: [N, side, side, 3].</summary>
    public override Tensor forward(Tensor images) => Above(0, images);

    /// <summary>What images become behind the first so many layers.</summary>
    public Tensor Below(int layers, Tensor images) => Through(0, layers, images.permute(0, 3, 1, 2)).permute(0, 2, 3, 1).contiguous();

    /// <summary>Logits of what <see cref="Below"/> gave.</summary>
    public Tensor Above(int layers, Tensor activations) =>
        _classifier.forward(Through(layers, Layers, activations.permute(0, 3, 1, 2)).to(ScalarType.Float32).mean([2, 3]));

    /// <summary>The parameters of all that lies above the first so many layers.</summary>
    public IEnumerable<Parameter> ParametersAbove(int layers) => [.. _layers.Skip(layers).SelectMany(layer => layer.parameters()), .. _classifier.parameters()];

    /// <summary>Takes over weights and statistics of another network's first so many layers.</summary>
    public void CopyBelow(int layers, CutNetwork other)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        for (var i = 0; i < layers; i++)
        {
            var theirs = other._layers[i].state_dict();
            foreach (var (name, mine) in _layers[i].state_dict())
                mine.copy_(theirs[name]);
        }
    }

    private Tensor Through(int first, int end, Tensor x)
    {
        for (var i = first; i < end; i++)
        {
            x = _layers[i].forward(x);
            if (i == 0)
                x = nn.functional.relu(x);
        }

        return x;
    }
}
