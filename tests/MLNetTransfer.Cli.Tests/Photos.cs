using MLNetTransfer.Backbones;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Cli.Tests;

/// <summary>Photos, a small backbone and a model trained by the program, for the tests of a class, which leave them as they are.</summary>
public sealed class Photos : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public Photos()
    {
        Drawings.WriteSet(Train, 12, seed: 1, "dots", "stripes");
        Drawings.WriteSet(Test, 8, seed: 2, "dots", "stripes");
        File.WriteAllBytes(Backbone, TinyBackbone.Bytes);
        var description = new BackboneDescription { Name = "tiny", Preprocessing = Preprocessing.ImageNet(32) };
        File.WriteAllText(Path.ChangeExtension(Backbone, ".json"), description.ToJson());
        Training = CliRun.Of("train", "--data", Train, "--test", Test, "--backbone", Backbone, "--out", Model, "--report", Report, "--json");
    }

    public string Train => Path.Combine(_folder.Path, "train");

    public string Test => Path.Combine(_folder.Path, "test");

    public string Backbone => Path.Combine(_folder.Path, "tiny.onnx");

    public string Model => Path.Combine(_folder.Path, "model.zip");

    public string Report => Path.Combine(_folder.Path, "report.html");

    /// <summary>The run of <c>train --json</c> that made the model.</summary>
    internal CliRun Training { get; }

    public void Dispose() => _folder.Dispose();
}
