using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Torch.Pretraining;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Tests.Pretraining;

[Collection(TorchCollection.Name)]
public sealed class NetworkImportTests
{
    /// <summary>Oracle: the network that was written. After one batch the other computes the same, as it trains and in inference.</summary>
    [Theory]
    [InlineData(9)]
    [InlineData(6)]
    [InlineData(14)]
    public void Restore_ExportedNetwork_SameLogits(int classes)
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var network = Networks.Seasoned(classes: 9, seed: 5);
        network.eval();
        File.WriteAllBytes(folder.File("network.onnx"), NetworkExport.ToOnnx(network));
        using var restored = Networks.Untrained(classes, seed: 6);
        var own = restored.Classifier.weight!.clone();
        NetworkImport.Restore(restored, folder.File("network.onnx"));
        var images = rand(8, 3, 64, 64);
        var expected = network.forward(images).Formulas;
        var known = Math.Min(classes, 9);
        restored.train();
        AssertSame(expected, restored.forward(images).Formulas, known);
        restored.eval();
        AssertSame(network.forward(images).Formulas, restored.forward(images).Formulas, known, 0.01f);
        Assert.True(own.narrow(0, known, classes - known).equal(restored.Classifier.weight!.narrow(0, known, classes - known)).all().item<bool>(), "Rows of the classifier that the file lacks have changed.");
    }

    [Fact]
    public void Restore_OtherNetwork_SaysWhatDiffers()
    {
        using var folder = new TemporaryFolder();
        using var network = Networks.Untrained(classes: 9, seed: 6);
        var onnx = NetworkExport.ToOnnx(network);
        File.WriteAllBytes(folder.File("cut.onnx"), onnx[..(onnx.Length / 2)]);
        Assert.Throws<TransferException>(() => NetworkImport.Restore(network, folder.File("cut.onnx")));
        Assert.Throws<TransferException>(() => NetworkImport.Restore(network, folder.File("missing.onnx")));
        File.WriteAllBytes(folder.File("other.onnx"), System.Text.Encoding.Latin1.GetBytes(System.Text.Encoding.Latin1.GetString(onnx).Replace("stage2_1_second_weight", "stage9_1_second_weight", StringComparison.Ordinal)));
        Assert.Contains("no tensor 'stage2_1_second_weight'", Assert.Throws<TransferException>(() => NetworkImport.Restore(network, folder.File("other.onnx"))).Message);
        var graph = OnnxFile.Parse(onnx, "network");
        var bias = graph.Graph.Initializer.Single(tensor => tensor.Name == "stage2_1_first_bias");
        bias.SetFloats(new float[3]);
        File.WriteAllBytes(folder.File("short.onnx"), OnnxFile.Write(graph));
        Assert.Contains("complete ONNX file", Assert.Throws<TransferException>(() => NetworkImport.Restore(network, folder.File("short.onnx"))).Message);
    }

    private static void AssertSame(Tensor expected, Tensor received, int classes, float relative = 1e-4f) =>
        Networks.AssertClose(Values(expected.narrow(1, 0, classes)), Values(received.narrow(1, 0, classes)), relative);

    private static float[] Values(Tensor tensor) => tensor.contiguous().data<float>().ToArray();
}
