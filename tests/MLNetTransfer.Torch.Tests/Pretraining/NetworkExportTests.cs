using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MLNetTransfer.Backbones;
using MLNetTransfer.Images;
using MLNetTransfer.Torch.Pretraining;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace MLNetTransfer.Torch.Tests.Pretraining;

/// <summary>Oracle: the network itself in inference; ONNX Runtime must compute the same from the exported bytes.</summary>
[Collection(TorchCollection.Name)]
public sealed class NetworkExportTests
{
    private const int Classes = 9;

    [Theory]
    [InlineData(1, 64)]
    [InlineData(3, 64)]
    [InlineData(1, 96)]
    [InlineData(3, 96)]
    public void ToOnnx_AnyBatchAndSide_SameLogits(int batch, int side)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var network = Networks.Seasoned(Classes, seed: 5);
        network.eval();
        var images = rand(batch, 3, side, side);
        Networks.AssertClose(Values(network.forward(images).Formulas), Run(NetworkExport.ToOnnx(network), images), 1e-4f);
    }

    [Fact]
    public void ToOnnx_StageTensors_CanBeCutAndHoldTheStages()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var network = Networks.Seasoned(Classes, seed: 6);
        network.eval();
        var images = rand(2, 3, 64, 64);
        var backbone = Backbone.FromBytes(NetworkExport.ToOnnx(network), Description(64), "exported");
        foreach (var (stage, features) in PooledStages(network, images))
        {
            var cut = backbone.CutAt(backbone.FindCut(stage));
            Assert.Equal(features.Length, 2 * cut.Dimensions);
            Networks.AssertClose(features, Run(cut.Onnx, images), 1e-4f);
        }
    }

    [Fact]
    public void ToOnnx_CutOfAllStages_JoinsThemInOrder()
    {
        using var network = Networks.Untrained(Classes, seed: 7);
        var backbone = Backbone.FromBytes(NetworkExport.ToOnnx(network), Description(64), "exported");
        Assert.Equal(ResidualNetwork.Widths.Append(ResidualNetwork.Widths.Sum()), backbone.Cuts.Select(cut => cut.Dimensions));
        Assert.Equal(ResidualNetwork.Widths.Sum(), backbone.CutAt(backbone.DefaultCut).Dimensions);
    }

    [Fact]
    public void ToOnnx_SameNetwork_SameBytes()
    {
        using var network = Networks.Seasoned(Classes, seed: 8);
        Assert.Equal(NetworkExport.ToOnnx(network), NetworkExport.ToOnnx(network));
    }

    private static BackboneDescription Description(int side) => new()
    {
        Name = "exported",
        Preprocessing = new Preprocessing { Side = side, Mean = new(0.5f), Std = new(0.25f) },
        Cuts =
        [
            .. FormulaBackbone.StageTensors.Select(stage => new CutDescription { Name = stage, Tensors = [stage] }),
            new CutDescription { Name = "all", Tensors = FormulaBackbone.StageTensors },
        ],
    };

    private static IEnumerable<(string Stage, float[] Features)> PooledStages(ResidualNetwork network, Tensor images)
    {
        var x = nn.functional.relu(network.Stem.forward((images - 0.5f) / 0.25f));
        for (var i = 0; i < network.Stages.Count; i++)
        {
            x = network.Stages[i].forward(x);
            var stage = network.Stages[i].GetName().Split('_')[0];
            if (i + 1 == network.Stages.Count || !network.Stages[i + 1].GetName().StartsWith(stage + "_", StringComparison.Ordinal))
                yield return (stage, Values(x.mean([2, 3])));
        }
    }

    private static float[] Values(Tensor tensor) => tensor.contiguous().data<float>().ToArray();

    /// <summary>Runs a graph on images, normalised as the description of the backbone says.</summary>
    private static float[] Run(byte[] onnx, Tensor images)
    {
        using var session = new InferenceSession(onnx);
        var normalised = new DenseTensor<float>(Values((images - 0.5f) / 0.25f), [.. images.shape.Select(length => (int)length)]);
        using var results = session.Run([NamedOnnxValue.CreateFromTensor(session.InputMetadata.Keys.Single(), normalised)]);
        return [.. results.Single().AsEnumerable<float>()];
    }
}
