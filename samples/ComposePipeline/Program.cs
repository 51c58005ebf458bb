// Bottlenecks as one step of a pipeline of your own: everything else here is plain ML.NET. Takes a few seconds.
using Microsoft.ML;
using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Images;

var ml = new MLContext(seed: 1);
var train = Rows("data/surfaces/plaster/train");
var test = Rows("data/surfaces/plaster/test");

var pipeline = ml.Transforms.BottleneckFeatures("Features", "ImagePath", Backbone.Embedded)
    .Append(ml.Transforms.NormalizeMeanVariance("Features"))
    .AppendCacheCheckpoint(ml)
    .Append(ml.BinaryClassification.Trainers.LbfgsLogisticRegression("Label", "Features"));
var model = pipeline.Fit(train);
ml.Model.Save(model, train.Schema, "artifacts/composed.zip");

var metrics = ml.BinaryClassification.Evaluate(model.Transform(test));
Console.WriteLine($"plaster test photos: accuracy {metrics.Accuracy:0.000}, AUC {metrics.AreaUnderRocCurve:0.000}");

// Elsewhere: an application that references MLNetTransfer loads it like any ML.NET model.
var loaded = new MLContext().Model.Load("artifacts/composed.zip", out _);
using var engine = ml.Model.CreatePredictionEngine<Photo, Answer>(loaded);
var answer = engine.Predict(new Photo { ImagePath = "data/surfaces/plaster/test/cracked/001.jpg" });
Console.WriteLine($"cracked: {answer.PredictedLabel}, probability {answer.Probability:0.000}");

IDataView Rows(string folder) => ml.Data.LoadFromEnumerable(
    ImageFolder.Read(folder).Images.Select(image => new Photo { ImagePath = image.Path, Label = image.Label == "cracked" }));

internal sealed class Photo
{
    public string ImagePath { get; set; } = "";

    public bool Label { get; set; }
}

internal sealed class Answer
{
    public bool PredictedLabel { get; set; }

    public float Probability { get; set; }
}
