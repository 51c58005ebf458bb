using MLNetTransfer.Benchmarks.Transferability;
using MLNetTransfer.Torch.Pretraining;
using MLNetTransfer.Torch.Tests.Pretraining;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Tests.Transferability;

[Collection(TorchCollection.Name)]
public sealed class CutNetworkTests
{
    /// <summary>Oracle: the network that pretraining trains. Both round to bfloat16 at the same places, but for the pixels: a hundredth is their step there.</summary>
    [Fact]
    public void Forward_WeightsOfTheEmbeddedBackbonesNetwork_SameLogits()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        random.manual_seed(5);
        using var reference = new ResidualNetwork(7, 3, ScalarType.BFloat16);
        Networks.Disturb(reference);
        using var network = new CutNetwork(new RandomStream(1), 7, ResidualNetwork.Widths[0]);
        var theirs = reference.state_dict();
        foreach (var (name, mine) in network.state_dict())
            mine.copy_(theirs[name]);
        reference.eval();
        network.eval();
        var images = rand(3, 3, 32, 32);
        var pixels = ((images - 0.5f) / 0.25f).permute(0, 2, 3, 1).to(ScalarType.BFloat16);
        Networks.AssertClose(reference.forward(images).Formulas.data<float>().ToArray(), network.forward(pixels).data<float>().ToArray(), 0.01f);
    }

    [Fact]
    public void Above_WhatBelowGave_IsForwardToTheBit()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var network = new CutNetwork(new RandomStream(2), 5, 4);
        Networks.Disturb(network);
        network.eval();
        var pixels = randn(3, 32, 32, 3).to(ScalarType.BFloat16);
        var expected = network.forward(pixels).data<float>().ToArray();
        for (var layers = 0; layers <= CutNetwork.Layers; layers++)
            Assert.Equal(expected, network.Above(layers, network.Below(layers, pixels)).data<float>().ToArray());
    }

    [Fact]
    public void CopyBelow_OtherNetwork_TakesItsLowerLayersAndNothingElse()
    {
        using var scope = NewDisposeScope();
        using var other = new CutNetwork(new RandomStream(3), 5, 4);
        Networks.Disturb(other);
        for (var layers = 1; layers <= CutNetwork.Layers; layers++)
        {
            using var network = new CutNetwork(new RandomStream(4), 5, 4);
            Networks.Disturb(network);
            var before = State.Of(network);
            network.CopyBelow(layers, other);
            var (after, theirs) = (State.Of(network), State.Of(other));
            Assert.All(after.Keys, name => Assert.Equal(State.IsBelow(name, layers) ? theirs[name] : before[name], after[name]));
        }
    }

    [Fact]
    public void ParametersAbove_Every_LeavesOutThoseOfTheLayersBelow()
    {
        using var network = new CutNetwork(new RandomStream(3), 5, 4);
        for (var layers = 0; layers <= CutNetwork.Layers; layers++)
            Assert.Equal(network.named_parameters().Count(p => !State.IsBelow(p.name, layers)), network.ParametersAbove(layers).Count());
    }
}
