using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Tests.Bottlenecks;

public sealed class BottleneckFeaturesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _context = new(0);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Transform_InBatches_GivesTheFeaturesBesideTheOtherColumns()
    {
        var paths = Tiny.WritePictures(name => _folder.File(name), 70, seed: 1);
        var data = View(paths);
        using var transformer = _context.Transforms.BottleneckFeatures("Features", "ImagePath", Tiny.Cut(), threads: 2).Fit(data);

        var output = transformer.Transform(data);

        Assert.Equal(["ImagePath", "Label", "Number", "Features"], output.Schema.Where(column => !column.IsHidden).Select(column => column.Name));
        var rows = _context.Data.CreateEnumerable<Row>(output, reuseRowObject: false).ToArray();
        Assert.Equal(paths, rows.Select(row => row.ImagePath));
        Assert.Equal(Enumerable.Range(0, 70).Select(i => i % 2 == 0), rows.Select(row => row.Label));
        for (var i = 0; i < rows.Length; i++)
            Assert.All(Tiny.Features(paths[i]).Zip(rows[i].Features), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        // Columns that were not asked for cost nothing: the numbers alone need no image.
        File.Delete(paths[3]);
        Assert.Equal(70, output.GetColumn<float>("Number").Count());
    }

    [Fact]
    public void Transform_UnreadableImage_ThrowsWithItsPath()
    {
        var paths = Tiny.WritePictures(name => _folder.File(name), 3, seed: 1);
        var data = View([.. paths[..2], _folder.File("missing.png"), paths[2]]);
        using var transformer = _context.Transforms.BottleneckFeatures("Features", "ImagePath", Tiny.Cut()).Fit(data);
        var output = transformer.Transform(data);
        Assert.EndsWith("missing.png", Assert.Throws<ImageException>(() => output.GetColumn<float[]>("Features").Count()).Path);
    }

    [Fact]
    public void Save_LoadedByPlainMLNet_GivesTheSameFeaturesAndColumns()
    {
        var paths = Tiny.WritePictures(name => _folder.File(name), 12, seed: 7);
        var data = View(paths);
        var pipeline = _context.Transforms.BottleneckFeatures("Features", "ImagePath", Tiny.Cut())
            .Append(_context.BinaryClassification.Trainers.LbfgsLogisticRegression("Label", "Features"));
        var model = pipeline.Fit(data);
        _context.Model.Save(model, data.Schema, _folder.File("model.zip"));

        var loaded = new MLContext().Model.Load(_folder.File("model.zip"), out _);

        IDataView before = model.Transform(data), after = loaded.Transform(data);
        Assert.Equal(before.Schema.Select(column => (column.Name, column.Type)), after.Schema.Select(column => (column.Name, column.Type)));
        foreach (var (first, second) in before.GetColumn<float[]>("Features").Zip(after.GetColumn<float[]>("Features")))
            Assert.All(first.Zip(second), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
        var probabilities = before.GetColumn<float>("Probability").ToArray();
        using var engine = _context.Model.CreatePredictionEngine<Input, Prediction>(loaded);
        for (var i = 0; i < paths.Length; i++)
            Assert.Equal(probabilities[i], engine.Predict(new Input { ImagePath = paths[i] }).Probability, 1e-6f);
    }

    [Fact]
    public void FromModel_SavedModel_GivesTheSameBits()
    {
        var paths = Tiny.WritePictures(name => _folder.File(name), 6, seed: 8);
        var data = View(paths);
        using var transformer = _context.Transforms.BottleneckFeatures("Features", "ImagePath", Tiny.Cut()).Fit(data);
        _context.Model.Save(transformer, data.Schema, _folder.File("model.zip"));
        var loaded = _context.Model.Load(_folder.File("model.zip"), out _);

        using var extractor = BottleneckExtractor.FromModel(loaded, _folder.File("model.zip"));

        var result = extractor.Extract(paths);
        var expected = transformer.Transform(data).GetColumn<float[]>("Features").ToArray();
        for (var i = 0; i < paths.Length; i++)
            Assert.Equal(expected[i], result.Features.Row(i).ToArray());
    }

    [Fact]
    public void FromModel_AnotherModel_SaysSo()
    {
        var data = View(["a.jpg"]);
        var model = _context.Transforms.Expression("Copy", "x : x + 1", "Number").Fit(data);
        _context.Model.Save(model, data.Schema, _folder.File("model.zip"));
        Assert.Contains("does not", Assert.Throws<TransferException>(() => BottleneckExtractor.FromModel(model, _folder.File("model.zip"))).Message);
    }

    [Fact]
    public void Fit_Photos_WorksWithARealBackbone()
    {
        var backbone = Backbone.Load(Repository.SharedOrSkip("models", "mobilenet-v2-1.0-224.onnx"));
        string[] photos = [.. Directory.GetFiles(Repository.SharedOrSkip("data", "ants-bees"), "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Take(3)];
        var data = View(photos);
        using var transformer = _context.Transforms.BottleneckFeatures("Features", "ImagePath", backbone, "last").Fit(data);
        _context.Model.Save(transformer, data.Schema, _folder.File("model.zip"));
        var loaded = new MLContext().Model.Load(_folder.File("model.zip"), out _);
        foreach (var (first, second) in transformer.Transform(data).GetColumn<float[]>("Features").Zip(loaded.Transform(data).GetColumn<float[]>("Features")))
            Assert.All(first.Zip(second), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Fit_WrongColumns_SaysWhichItNeeds()
    {
        var data = View(["a.jpg"]);
        Fails("'Path'", () => _context.Transforms.BottleneckFeatures("Features", "Path", Tiny.Cut()).Fit(data));
        Fails("'Label'", () => _context.Transforms.BottleneckFeatures("Features", "Label", Tiny.Cut()).Fit(data));
        var taken = _context.Transforms.CopyColumns(Tiny.Cut().InputName, "Number").Fit(data).Transform(data);
        Fails("Rename", () => _context.Transforms.BottleneckFeatures("Features", "ImagePath", Tiny.Cut()).Fit(taken));

        static void Fails(string part, Func<object> fit) => Assert.Contains(part, Assert.Throws<TransferException>(fit).Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3 * 224 * 224)]
    [InlineData(3 * 4096 * 4096)]
    public void ColumnsFor_AnyTensorLength_AddUpToIt(int length)
    {
        var lengths = PixelsOutput.ColumnsFor(length).Select(name => 1L << int.Parse(name["BottleneckPixels".Length..]));
        Assert.Equal(length, lengths.Sum());
    }

    private IDataView View(string[] paths) => _context.Data.LoadFromEnumerable(
        paths.Select((path, i) => new Input { ImagePath = path, Label = i % 2 == 0, Number = i }).ToArray());

    private class Input
    {
        public string ImagePath { get; set; } = "";
        public bool Label { get; set; }
        public float Number { get; set; }
    }

    private sealed class Row : Input
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Prediction
    {
        public float Probability { get; set; }
    }
}
