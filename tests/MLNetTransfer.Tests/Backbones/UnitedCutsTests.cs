using MLNetTransfer.Backbones;
using static MLNetTransfer.Tests.Backbones.OnnxModels;

namespace MLNetTransfer.Tests.Backbones;

public sealed class UnitedCutsTests
{
    [Fact]
    public void ColumnsOf_EveryCutOfTheEmbeddedBackbone_AreTheFeaturesOfThatCut()
    {
        var backbone = Backbone.Embedded;
        var side = backbone.Preprocessing.Side;
        var image = RandomFloats(3 * side * side, 3);
        var united = new UnitedCuts(backbone);
        Assert.Equal(backbone.Cuts.SelectMany(cut => cut.Tensors).Distinct(), united.Network.Cut.Tensors);
        var all = OnnxModels.Run(united.Network.Onnx, united.Network.OutputName, image, side: side);
        Assert.Equal(united.Network.Dimensions, all.Length);
        foreach (var cut in united.Cuts)
        {
            var network = backbone.CutAt(cut);
            float[] columns = [.. united.ColumnsOf(cut).SelectMany(range => all.AsSpan(range.Start, range.Length).ToArray())];
            AssertClose(OnnxModels.Run(network.Onnx, network.OutputName, image, side: side), columns, 1e-5);
        }
    }
}
