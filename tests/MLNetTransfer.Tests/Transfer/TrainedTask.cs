using MLNetTransfer.Backbones;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Tests.Transfer;

/// <summary>One small training and its saved model, shared by the tests of a class, which must leave it as it is.</summary>
public sealed class TrainedTask : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TrainedTask()
    {
        Drawings.WriteSet(PathOf("train"), 30, seed: 1, "dots", "stripes");
        Drawings.WriteSet(PathOf("test"), 15, seed: 2, "dots", "stripes");
        Train = ImageFolder.Read(PathOf("train"));
        Test = ImageFolder.Read(PathOf("test"));
        Result = TransferTrainer.Train(Train, Options(Test));
        Result.Model.Save(ModelPath);
    }

    public static Backbone Backbone { get; } = Backbone.FromBytes(TinyBackbone.Bytes, null, "tiny.onnx");

    public ImageSet Train { get; }

    public ImageSet Test { get; }

    public TransferResult Result { get; }

    public string ModelPath => PathOf("model.zip");

    public IReadOnlyList<string> TestPaths => [.. Test.Images.Select(image => image.Path)];

    public static TransferOptions Options(ImageSet? test = null, int seed = 1, int? threads = null, string? positive = null) =>
        new() { Backbone = Backbone, Test = test, Seed = seed, Threads = threads, Positive = positive };

    public void Dispose() => _folder.Dispose();

    private string PathOf(string name) => Path.Combine(_folder.Path, name);
}
