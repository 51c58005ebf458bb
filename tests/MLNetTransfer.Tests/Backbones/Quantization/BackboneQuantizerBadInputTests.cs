using Google.Protobuf;
using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Quantization;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using static MLNetTransfer.Tests.Backbones.OnnxModels;

namespace MLNetTransfer.Tests.Backbones.Quantization;

public sealed class BackboneQuantizerBadInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string[] _images;
    private readonly Backbone _backbone = Residual.Backbone(Residual.Model());

    public BackboneQuantizerBadInputTests() => _images = Residual.Images(_folder, 4);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Quantize_NoImages_IsRefused() => Refused(_backbone, [], "1 or more readable images", "received none among 0");

    [Fact]
    public void Quantize_NoReadableImages_IsRefused()
    {
        File.WriteAllText(_folder.File("bad.png"), "no picture");

        Refused(_backbone, [_folder.File("bad.png"), _folder.File("gone.png")], "received none among 2", "bad.png");
    }

    [Fact]
    public void Quantize_OneImage_IsEnough()
    {
        var quantised = BackboneQuantizer.Quantize(_backbone, _backbone.DefaultCut, _images[..1]);

        Assert.Equal(1, quantised.Images);
        Assert.InRange(quantised.SignalToNoise, 10, 100);
    }

    [Fact]
    public void Quantize_AnUnreadableImageAmongOthers_IsListed()
    {
        File.WriteAllText(_folder.File("bad.png"), "no picture");

        var quantised = BackboneQuantizer.Quantize(_backbone, _backbone.DefaultCut, [_folder.File("bad.png"), .. _images]);

        Assert.Equal(_images.Length, quantised.Images);
        Assert.Equal(_folder.File("bad.png"), Assert.Single(quantised.Skipped).Path);
        Assert.Equal(BackboneQuantizer.Quantize(_backbone, _backbone.DefaultCut, _images).Onnx, quantised.Onnx);
    }

    [Fact]
    public void Quantize_ANetworkThatComputesNoNumbers_IsRefused()
    {
        var model = Residual.Model();
        model.Graph.Initializer.Single(tensor => tensor.Name == "b2").FloatData[3] = float.NaN;

        Refused(Residual.Backbone(model), _images, "computes finite numbers", "NaN");
    }

    [Fact]
    public void Quantize_AQuantisedNetwork_IsRefused()
    {
        var quantised = BackboneQuantizer.Quantize(_backbone, _backbone.DefaultCut, _images).Backbone;

        Refused(quantised, _images, "quantised once", "QuantizeLinear");
    }

    [Fact]
    public void Quantize_ANetworkWithoutConvolutions_IsRefused()
    {
        var model = Network([Node("Relu", ["image"], "output")], []);
        var described = new BackboneDescription { Name = "flat", Preprocessing = Preprocessing.ImageNet(Side), Cuts = [new() { Name = "end", Tensors = ["output"] }] };

        Refused(Backbone.FromBytes(model.ToByteArray(), described, "flat"), _images, "networks of convolutions", "'flat' has none");
    }

    [Fact]
    public void Quantize_AnOldOperatorThatChanged_IsRefused()
    {
        var slice = Node("Slice", ["map"], "output", Ints("starts", 0), Ints("ends", 3), Ints("axes", 1));
        var described = new BackboneDescription { Name = "old", Preprocessing = Preprocessing.ImageNet(Side), Cuts = [new() { Name = "end", Tensors = ["output"] }] };

        Refused(Backbone.FromBytes(Network([slice], [], opset: 9).ToByteArray(), described, "old"), _images, "operator sets 10 and later", "Slice");
    }

    [Fact]
    public void Quantize_WrongOptions_AreRefusedTogether()
    {
        var options = new QuantizationOptions { FloatConvolutions = -1, Activations = (ActivationRange)7 };

        var error = Assert.Throws<TransferException>(() => BackboneQuantizer.Quantize(_backbone, _backbone.DefaultCut, _images, options));

        Assert.Contains("received -1", error.Message);
        Assert.Contains("received 7", error.Message);
    }

    [Fact]
    public void Quantize_Cancelled_Stops()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => BackboneQuantizer.Quantize(_backbone, _backbone.DefaultCut, _images, cancellation: cancellation.Token));
    }

    [Fact]
    public void Save_IntoAMissingFolder_IsATypedErrorAndLeavesNothing()
    {
        var quantised = BackboneQuantizer.Quantize(_backbone, _backbone.DefaultCut, _images);
        var before = Directory.GetFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories);

        var error = Assert.Throws<TransferException>(() => quantised.Save(Path.Combine(_folder.Path, "gone", "x.onnx")));

        Assert.Contains("gone", error.Message);
        Assert.Equal(before, Directory.GetFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories));
    }

    private static void Refused(Backbone backbone, string[] images, params string[] parts)
    {
        var error = Assert.Throws<TransferException>(() => BackboneQuantizer.Quantize(backbone, backbone.DefaultCut, images));
        Assert.All(parts, part => Assert.Contains(part, error.Message));
    }
}
