using System.IO.Compression;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Domains;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Torch.Adaptation;
using MLNetTransfer.Torch.Adaptation.Methods;

namespace MLNetTransfer.Torch.Tests.Adaptation;

/// <summary>Adaptation methods as trainers of ML.NET.</summary>
[Collection(TorchCollection.Name)]
public sealed class DomainAdaptationEstimatorTests : IDisposable
{
    private const int Features = 6;
    private static readonly LabeledFeatures Source = Problems.Domain(60, Features, "source");
    private static readonly LabeledFeatures Target = Problems.TurnedTarget();
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);

    public static TheoryData<string> Names => [.. AdaptationCatalog.Methods.Select(method => method.Name)];

    public void Dispose() => _folder.Dispose();

    /// <summary>The oracle is the method itself: map, then classifier, nothing folded.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_ThreeClasses_PredictsWhatTheMethodDoes(string name)
    {
        var method = AdaptationCatalog.Find(name);
        var problem = Problems.Of(method, Source, Target);

        var model = _ml.MulticlassClassification.Trainers.DomainAdaptation(method, Rows(Target), shots: problem.Shots is null ? null : Rows(problem.Shots)).Fit(Rows(Source));

        var (expected, output) = (method.Adapt(problem).Probabilities(Target.Features), model.Transform(Rows(Target)));
        Assert.Equal(["Features", "Label", "Truth", "PredictedLabel", "Score"], output.Schema.Where(column => !column.IsHidden).Select(column => column.Name));
        foreach (var (row, scores) in output.GetColumn<float[]>("Score").Index())
            for (var k = 0; k < 3; k++)
                Assert.Equal(expected.Row(row)[k], scores[k], 1e-5f);
        Assert.Equal(Values(Target).SelectMany(row => row.Features), output.GetColumn<float[]>("Features").SelectMany(row => row));
        Assert.Equal(method.Adapt(problem).Labels(Target.Features).Select(label => Problems.Classes[label]), output.GetColumn<string>("PredictedLabel"));
    }

    [Theory]
    [InlineData("Label")]
    [InlineData("Truth")]
    public void Fit_TwoClasses_PredictsWhatTheMethodDoes(string label)
    {
        var (source, target) = (TwoOf(Source), TwoOf(Target));

        var model = _ml.BinaryClassification.Trainers.DomainAdaptation(new Coral(), Rows(target), label).Fit(Rows(source));

        var (expected, output) = (new Coral().Adapt(new AdaptationProblem(source, target.WithoutLabels())), model.Transform(Rows(target)));
        foreach (var (row, probability) in output.GetColumn<float>("Probability").Index())
            Assert.Equal(expected.Probabilities(target.Features).Row(row)[1], probability, 1e-5f);
        var labels = expected.Labels(target.Features);
        if (label == "Label")
            Assert.Equal(labels.Select(k => Problems.Classes[k]), output.GetColumn<string>("PredictedLabel"));
        else
            Assert.Equal(labels.Select(k => k == 1), output.GetColumn<bool>("PredictedLabel"));
    }

    [Fact]
    public void Fit_TruthAsLabel_IsMeasuredByMLNet()
    {
        var (source, target) = (TwoOf(Source), TwoOf(Target));
        var model = _ml.BinaryClassification.Trainers.DomainAdaptation(new Coral(), Rows(target), "Truth").Fit(Rows(source));

        var metrics = _ml.BinaryClassification.Evaluate(model.Transform(Rows(target)), "Truth");

        Assert.Equal(Problems.Accuracy(new Coral().Adapt(new AdaptationProblem(source, target.WithoutLabels())), target), metrics.Accuracy, 1e-9);
    }

    /// <summary>A key whose values are in another order than that of the alphabet: slots of the score follow the key, and ML.NET's figures are right.</summary>
    [Fact]
    public void Fit_KeyAsLabel_KeepsItsOrder()
    {
        var names = _ml.Data.LoadFromEnumerable(new[] { "cedar", "ash", "birch" }.Select(name => new Row { Label = name }));
        var keys = _ml.Transforms.Conversion.MapValueToKey("Key", "Label", keyData: _ml.Transforms.SelectColumns("Label").Fit(names).Transform(names)).Fit(Rows(Source));

        var model = _ml.MulticlassClassification.Trainers.DomainAdaptation(new Coral(), Rows(Target), "Key").Fit(keys.Transform(Rows(Source)));

        var (expected, output) = (new Coral().Adapt(new AdaptationProblem(Source, Target.WithoutLabels())), model.Transform(keys.Transform(Rows(Target))));
        foreach (var (row, scores) in output.GetColumn<float[]>("Score").Index())
            Assert.Equal(expected.Probabilities(Target.Features).Row(row)[2], scores[0], 1e-5f);
        Assert.Equal(Problems.Accuracy(expected, Target), _ml.MulticlassClassification.Evaluate(output, "Key").MicroAccuracy, 1e-9);
    }

    [Theory]
    [InlineData("jda")]
    [InlineData("deep-coral")]
    public void Save_LoadedByPlainMLNet_PredictsTheSameAndNeedsNoTorch(string name)
    {
        var model = _ml.MulticlassClassification.Trainers.DomainAdaptation(AdaptationCatalog.Find(name), Rows(Target)).Fit(Rows(Source));
        _ml.Model.Save(model, Rows(Source).Schema, _folder.File("model.zip"));

        var loaded = new MLContext().Model.Load(_folder.File("model.zip"), out _);

        IDataView before = model.Transform(Rows(Target)), after = loaded.Transform(Rows(Target));
        Assert.Equal(before.Schema.Select(column => (column.Name, column.Type)), after.Schema.Select(column => (column.Name, column.Type)));
        Assert.Equal(before.GetColumn<float[]>("Score").SelectMany(scores => scores), after.GetColumn<float[]>("Score").SelectMany(scores => scores));
        using var archive = ZipFile.OpenRead(_folder.File("model.zip"));
        Assert.All(archive.Entries, entry => Assert.DoesNotContain("Torch", Text(entry), StringComparison.OrdinalIgnoreCase));
        Assert.Contains(archive.Entries, entry => Text(entry).Contains("MaxEnt", StringComparison.OrdinalIgnoreCase) || Text(entry).Contains("MultiClassLR", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Fit_Target_IsAskedForItsFeaturesAlone()
    {
        var target = new Watched(Rows(Target));

        _ml.MulticlassClassification.Trainers.DomainAdaptation(new SourceOnly(), target).Fit(Rows(Source));

        Assert.Equal(["Features"], target.Asked);
    }

    [Fact]
    public void Fit_OtherLabelsOfTheTarget_SameModelToTheByte()
    {
        var others = new LabeledFeatures(Target.Features, [.. Target.Labels.Select(label => (label + 1) % 3)], Target.Classes);
        string[] Saved(LabeledFeatures target)
        {
            var model = _ml.MulticlassClassification.Trainers.DomainAdaptation(new SinkhornTransport(), Rows(target)).Fit(Rows(Source));
            _ml.Model.Save(model, Rows(Source).Schema, _folder.File("model.zip"));
            using var archive = ZipFile.OpenRead(_folder.File("model.zip"));
            return [.. archive.Entries.Select(entry => $"{entry.FullName} {Text(entry)}")];
        }

        Assert.Equal(Saved(Target), Saved(others));
    }

    [Theory]
    [InlineData("coral")]
    [InlineData("deep-coral")]
    public void Fit_FeaturesOfAnotherName_AddsNoOtherColumns(string name)
    {
        var method = AdaptationCatalog.Find(name);
        var rename = _ml.Transforms.CopyColumns("Bottleneck", "Features").Append(_ml.Transforms.DropColumns("Features")).Fit(Rows(Source));
        var target = rename.Transform(Rows(Target));

        var estimator = _ml.MulticlassClassification.Trainers.DomainAdaptation(method, target, featureColumnName: "Bottleneck");
        var output = estimator.Fit(rename.Transform(Rows(Source))).Transform(target);

        var plain = _ml.MulticlassClassification.Trainers.DomainAdaptation(method, Rows(Target)).Fit(Rows(Source)).Transform(Rows(Target));
        Assert.Equal(plain.GetColumn<string>("PredictedLabel"), output.GetColumn<string>("PredictedLabel"));
        Assert.Equal(["Label", "Truth", "Bottleneck", "PredictedLabel", "Score"], output.Schema.Where(column => !column.IsHidden).Select(column => column.Name));
        var both = _ml.Transforms.CopyColumns("Bottleneck", "Features").Fit(Rows(Source));
        Assert.Contains("received one of that name beside 'Bottleneck'", Assert.Throws<TransferException>(() => estimator.Fit(both.Transform(Rows(Source)))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "Label")]
    [InlineData(true, "Truth")]
    [InlineData(false, "Label")]
    public void GetOutputSchema_ShapeOfTheSource_IsThatOfTheModel(bool isBinary, string label)
    {
        var (source, target) = isBinary ? (Rows(TwoOf(Source)), Rows(TwoOf(Target))) : (Rows(Source), Rows(Target));
        IEstimator<ITransformer> estimator = isBinary
            ? _ml.BinaryClassification.Trainers.DomainAdaptation(new Coral(), target, label)
            : _ml.MulticlassClassification.Trainers.DomainAdaptation(new Coral(), target, label);

        var shape = estimator.GetOutputSchema(ShapeOfRows());

        var schema = estimator.Fit(source).GetOutputSchema(source.Schema);
        Assert.Equal(schema.Where(column => !column.IsHidden).Select(column => column.Name).Order(), shape.Select(column => column.Name).Order());
        foreach (var column in shape)
        {
            Assert.Equal(schema[column.Name].Type is VectorDataViewType, column.Kind == SchemaShape.Column.VectorKind.Vector);
            Assert.Equal((schema[column.Name].Type as VectorDataViewType)?.ItemType ?? schema[column.Name].Type, column.ItemType);
        }
    }

    [Fact]
    public void GetOutputSchema_WrongColumns_AreRefused()
    {
        void Refused(string reason, string label) => Assert.Contains(reason, Assert.Throws<TransferException>(
            () => _ml.MulticlassClassification.Trainers.DomainAdaptation(new Coral(), Rows(Target), label).GetOutputSchema(ShapeOfRows())).Message, StringComparison.Ordinal);

        Refused("A column 'Class' of labels (text, Boolean, or a key with text values) is needed in the source; received Features (Vector of Single), Label (String), Truth (Boolean)", "Class");
        Refused("A column 'Features' of labels", "Features");
    }

    [Fact]
    public void Fit_WrongColumnsOrRows_AreRefused()
    {
        var (source, target) = (Rows(Source), Rows(Target));
        void Refused(string reason, Action act) => Assert.Contains(reason, Assert.Throws<TransferException>(act).Message, StringComparison.Ordinal);
        var many = _ml.MulticlassClassification.Trainers;

        Refused("A column 'Bottleneck' of features, a vector of floats of one size, is needed in the target", () => many.DomainAdaptation(new Coral(), target, featureColumnName: "Bottleneck"));
        Refused("A column 'Truth' of features, a vector of floats of one size, is needed in the target; received Features (Vector<Single, 6>), Label (String)",
            () => many.DomainAdaptation(new Coral(), target, featureColumnName: "Truth"));
        Refused("A column 'Class' of labels (text, Boolean, or a key with text values) is needed in the few labelled target rows", () => many.DomainAdaptation(new Coral(), target, "Class", shots: target));
        Refused("A column 'Features' of labels (text, Boolean, or a key with text values) is needed in the source", () => many.DomainAdaptation(new Coral(), target, "Features").Fit(source));
        Refused("received 6 for the source and 4 for the target", () => many.DomainAdaptation(new Coral(), Rows(Problems.Domain(9, 4, "narrow"))).Fit(source));
        Refused("received 2 (ash, birch). Use mlContext.BinaryClassification", () => many.DomainAdaptation(new Coral(), target).Fit(Rows(TwoOf(Source))));
        Refused("received 3 (ash, birch, cedar). Use mlContext.MulticlassClassification", () => _ml.BinaryClassification.Trainers.DomainAdaptation(new Coral(), target).Fit(source));
        Refused("received 1", () => many.DomainAdaptation(new Coral(), target).Fit(Rows(Source.Select([0, 3, 6]))));
        Refused("received none in row 3 of 'Label'", () => many.DomainAdaptation(new Coral(), target).Fit(_ml.Data.LoadFromEnumerable(
            Values(Source).Select((row, i) => i == 2 ? new Row { Features = row.Features } : row), Definition(Features))));
        Refused("have the source's classes (ash, birch, cedar); received 'willow'", () => many.DomainAdaptation(
            new HeadTransfer(), target, shots: Rows(new LabeledFeatures(Target.Features, Target.Labels, ["ash", "birch", "willow"]))).Fit(source));
        Refused("received none. Give some", () => many.DomainAdaptation(new HeadTransfer(), target).Fit(source));
        var taken = _ml.Transforms.CopyColumns("hidden", "Label").Fit(source);
        Refused("The hidden layer of 'deep-coral' needs the column name 'hidden' for itself", () => many.DomainAdaptation(new DeepCoral(), target).Fit(taken.Transform(source)));
        Refused("Choose another method", () => many.DomainAdaptation(new Coral(), target, settings: new AdaptationSettings { Classifier = new NearestNeighbourTrainer() }).Fit(source));
    }

    /// <summary>Photos of concrete to asphalt: a pipeline as a user writes it, against the method on the same features.</summary>
    [Fact]
    public void Fit_BehindBottlenecks_IsOneModelFromPhotoToLabel()
    {
        var (concrete, asphalt) = (Photos("concrete"), Photos("asphalt", "train"));
        IDataView source = _ml.Data.LoadFromEnumerable(concrete), target = _ml.Data.LoadFromEnumerable(asphalt);
        var bottlenecks = _ml.Transforms.BottleneckFeatures("Features", "ImagePath", Backbone.Embedded);
        using var featuriser = bottlenecks.Fit(target);
        var featurised = featuriser.Transform(target);

        var model = bottlenecks.Append(_ml.BinaryClassification.Trainers.DomainAdaptation(new Coral(), featurised)).Fit(source);
        _ml.Model.Save(model, source.Schema, _folder.File("model.zip"));

        var loaded = new MLContext().Model.Load(_folder.File("model.zip"), out _);
        using var engine = _ml.Model.CreatePredictionEngine<Photo, Answer>(loaded);
        FeatureMatrix Of(IDataView view) => new(view.GetColumn<float[]>("Features").Count(), view.GetColumn<float[]>("Features").First().Length,
            [.. view.GetColumn<float[]>("Features").SelectMany(row => row)]);
        var features = Of(featurised);
        var problem = new AdaptationProblem(
            new LabeledFeatures(Of(featuriser.Transform(source)), [.. concrete.Select(photo => photo.Label == "intact" ? 1 : 0)], ["cracked", "intact"]), new UnlabeledFeatures(features));
        var expected = new Coral().Adapt(problem).Probabilities(features);
        foreach (var (row, photo) in asphalt.Index())
        {
            var answer = engine.Predict(photo);
            Assert.Equal(expected.Row(row)[1], answer.Probability, 1e-5f);
            Assert.Equal(answer.Probability >= .5f ? "intact" : "cracked", answer.PredictedLabel);
        }
        (model as IDisposable)?.Dispose();
        (loaded as IDisposable)?.Dispose();
    }

    private static Photo[] Photos(params string[] folder) => [.. ImageSet.Read(Repository.Path(["data", "surfaces", .. folder])).Images
        .GroupBy(image => image.Label).SelectMany(same => same.Take(6)).Select(image => new Photo { ImagePath = image.Path, Label = image.Label })];

    private static LabeledFeatures TwoOf(LabeledFeatures domain)
    {
        int[] rows = [.. Enumerable.Range(0, domain.Labels.Count).Where(row => domain.Labels[row] < 2)];
        return new LabeledFeatures(domain.Features.Select(rows), [.. rows.Select(row => domain.Labels[row])], [.. domain.Classes.Take(2)]);
    }

    private static IEnumerable<Row> Values(LabeledFeatures domain) => domain.Labels.Select((label, row) =>
        new Row { Features = domain.Features.Row(row).ToArray(), Label = domain.Classes[label], Truth = label == 1 });

    private static SchemaDefinition Definition(int features)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features);
        return schema;
    }

    private IDataView Rows(LabeledFeatures domain) => _ml.Data.LoadFromEnumerable(Values(domain).ToArray(), Definition(domain.Features.Columns));

    private static string Text(ZipArchiveEntry entry)
    {
        using var stream = new MemoryStream();
        using (var content = entry.Open())
            content.CopyTo(stream);
        return Encoding.Latin1.GetString(stream.ToArray()).Replace("\0", "", StringComparison.Ordinal);
    }

    /// <summary>What ML.NET's estimators would be told of <see cref="Rows"/>.</summary>
    private SchemaShape ShapeOfRows() => _ml.Transforms.CustomMapping<Nothing, FixedRow>((_, _) => { }, null).GetOutputSchema(new SchemaShape([]));

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";

        public bool Truth { get; set; }
    }

    private sealed class FixedRow
    {
        [VectorType(DomainAdaptationEstimatorTests.Features)]
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";

        public bool Truth { get; set; }
    }

    private sealed class Nothing;

    private sealed class Photo
    {
        public string ImagePath { get; set; } = "";

        public string Label { get; set; } = "";
    }

    private sealed class Answer
    {
        public float Probability { get; set; }

        public string PredictedLabel { get; set; } = "";
    }

    /// <summary>Remembers the columns that were asked for.</summary>
    private sealed class Watched(IDataView inner) : IDataView
    {
        public List<string> Asked { get; } = [];

        public bool CanShuffle => inner.CanShuffle;

        public DataViewSchema Schema => inner.Schema;

        public long? GetRowCount() => inner.GetRowCount();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
        {
            Asked.AddRange(columnsNeeded.Select(column => column.Name));
            return inner.GetRowCursor(columnsNeeded, rand);
        }

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        {
            Asked.AddRange(columnsNeeded.Select(column => column.Name));
            return inner.GetRowCursorSet(columnsNeeded, n, rand);
        }
    }
}
