using Google.Protobuf;
using MLNetTransfer.Backbones;
using MLNetTransfer.Images;
using MLNetTransfer.Tests.Backbones;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Tests.Transfer;

public sealed class QuantizationTrialTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly QuantizationTrialOptions _options = new() { Rounds = 3, Stretch = TimeSpan.FromMilliseconds(1), Repetitions = 2 };

    public QuantizationTrialTests() => Drawings.WriteSet(_folder.Path, 12, seed: 1, "dots", "stripes");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_ANetworkThatQuantisesWell_IsAcceptable()
    {
        var verdict = QuantizationTrial.Run(Tiny(1), ImageFolder.Read(_folder.Path), _options);

        Assert.True(verdict.IsAcceptable);
        Assert.Equal((24, 24), (verdict.Images, verdict.Quantized.Images));
        Assert.Equal(verdict.QuantizedAccuracy!.Value - verdict.FloatAccuracy!.Value, verdict.Difference!.Value.Value, 1e-9);
        Assert.InRange(verdict.LeastSimilarity, 0.99, verdict.MedianSimilarity);
        Assert.Equal((3, 3), (verdict.FloatSpeeds.Count, verdict.QuantizedSpeeds.Count));
        Assert.True(verdict.SpeedRatio > 0);
        Assert.Equal(verdict.FloatSpeeds.Order().ElementAt(1), verdict.FloatSpeed);
    }

    // One filter of large values takes all steps of the tensor: the others, which tell the classes apart, become 0.
    [Fact]
    public void Run_ANetworkThatQuantisesBadly_IsRefused()
    {
        var verdict = QuantizationTrial.Run(Tiny(1e6f), ImageFolder.Read(_folder.Path), _options);

        Assert.False(verdict.IsAcceptable);
        Assert.True(verdict.Difference!.Value.Value < -QuantizationVerdict.MostLoss);
        Assert.InRange(verdict.FloatAccuracy!.Value, 0.9, 1);
    }

    [Fact]
    public void Run_SameSeed_MeasuresTheSame()
    {
        var (one, two) = (QuantizationTrial.Run(Tiny(1), ImageFolder.Read(_folder.Path), _options), QuantizationTrial.Run(Tiny(1), ImageFolder.Read(_folder.Path), _options));

        Assert.Equal(one.Quantized.Onnx, two.Quantized.Onnx);
        Assert.Equal((one.Difference, one.MedianSimilarity, one.Quantized.SignalToNoise), (two.Difference, two.MedianSimilarity, two.Quantized.SignalToNoise));
    }

    [Theory]
    [InlineData(1f, true)]
    [InlineData(1e6f, false)]
    public void Run_WithoutClasses_GoesByTheFeatures(float factor, bool isAcceptable)
    {
        // The large filter alone survives: its features agree, those of the others do not count beside it.
        var photos = new ImageSet(ImageFiles.Find([_folder.Path]).Select(path => new LabeledImage(path, "")));

        var verdict = QuantizationTrial.Run(Tiny(factor, onlyOthers: factor > 1), photos, _options);

        Assert.Null(verdict.FloatAccuracy);
        Assert.Null(verdict.Difference);
        Assert.Equal(isAcceptable, verdict.IsAcceptable);
    }

    [Fact]
    public void Run_WrongOptions_AreRefusedTogether()
    {
        var options = new QuantizationTrialOptions { CalibrationImages = 0, Rounds = 0, Threads = 0, Repetitions = -1 };

        var error = Assert.Throws<TransferException>(() => QuantizationTrial.Run(Tiny(1), ImageFolder.Read(_folder.Path), options));

        foreach (var part in new[] { "CalibrationImages", "Rounds", "Threads", "received -1" })
            Assert.Contains(part, error.Message);
    }

    [Fact]
    public void Run_TooFewImagesOfAClass_IsRefusedBeforeAnyWork()
    {
        Drawings.WriteSet(_folder.Path, 1, seed: 2, "rings");

        Assert.Contains("1 of 'rings'", Assert.Throws<TransferException>(() => QuantizationTrial.Run(Tiny(1), ImageFolder.Read(_folder.Path), _options)).Message);
    }

    /// <summary>The small classifier with one filter so many times as large; optionally cut where that one is gone again.</summary>
    private static Backbone Tiny(float factor, bool onlyOthers = false)
    {
        var model = OnnxModels.Classifier();
        var weights = model.Graph.Initializer.Single(tensor => tensor.Name == "w");
        for (var i = 0; i < 27; i++)
            weights.FloatData[i] = Math.Abs(weights.FloatData[i]) * factor;
        var bias = model.Graph.Initializer.Single(tensor => tensor.Name == "b");
        bias.FloatData[0] = 10 * factor;
        if (!onlyOthers)
            return Backbone.FromBytes(model.ToByteArray(), null, "tiny");
        model.Graph.Node.Add(OnnxModels.Node("Slice", ["map", "one", "end", "axis"], "others"));
        foreach (var (name, value) in new[] { ("one", 1), ("end", 6), ("axis", 1) })
            model.Graph.Initializer.Add(MLNetTransfer.Backbones.Onnx.GraphNodes.Int64s(name, value));
        var description = new BackboneDescription { Name = "tiny", Preprocessing = Preprocessing.ImageNet(OnnxModels.Side), Cuts = [new() { Name = "others", Tensors = ["others"] }] };
        return Backbone.FromBytes(model.ToByteArray(), description, "tiny");
    }
}
