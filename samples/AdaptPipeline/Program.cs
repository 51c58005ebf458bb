// A model for photos that have no labels, as one step of a pipeline of your own. Takes some ten seconds.
using Microsoft.ML;
using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Images;
using MLNetTransfer.Torch.Adaptation;
using MLNetTransfer.Torch.Adaptation.Methods;

var ml = new MLContext(seed: 1);
var concrete = Rows("data/surfaces/concrete");              // labelled photos of one material
var asphalt = Rows("data/surfaces/asphalt/train");          // photos of another: their labels are not read

var bottlenecks = ml.Transforms.BottleneckFeatures("Features", "ImagePath", Backbone.Embedded);
using var featuriser = bottlenecks.Fit(asphalt);
var target = featuriser.Transform(asphalt);
var pipeline = bottlenecks.Append(ml.BinaryClassification.Trainers.DomainAdaptation(new Coral(), target, labelColumnName: "IsCracked"));
var model = pipeline.Fit(concrete);
ml.Model.Save(model, concrete.Schema, "artifacts/adapted.zip");

// What it buys: the same pipeline, not adapted, on the same held-out photos.
var test = Rows("data/surfaces/asphalt/test");
var notAdapted = bottlenecks.Append(ml.BinaryClassification.Trainers.DomainAdaptation(new SourceOnly(), target, labelColumnName: "IsCracked")).Fit(concrete);
foreach (var (name, candidate) in new[] { ("not adapted", notAdapted), ("coral", model) })
    Console.WriteLine($"{name}: accuracy {ml.BinaryClassification.Evaluate(candidate.Transform(test), "IsCracked").Accuracy:0.000} on asphalt test photos");

// Elsewhere: an application that references MLNetTransfer alone loads it like any ML.NET model.
var loaded = new MLContext().Model.Load("artifacts/adapted.zip", out _);
using var engine = ml.Model.CreatePredictionEngine<Photo, Answer>(loaded);
var answer = engine.Predict(new Photo { ImagePath = "data/surfaces/asphalt/test/cracked/004.jpg" });
Console.WriteLine($"cracked: {answer.PredictedLabel}, probability {answer.Probability:0.000}");

IDataView Rows(string folder) => ml.Data.LoadFromEnumerable(
    ImageFolder.Read(folder).Images.Select(image => new Photo { ImagePath = image.Path, IsCracked = image.Label == "cracked" }));

internal sealed class Photo
{
    public string ImagePath { get; set; } = "";

    public bool IsCracked { get; set; }
}

internal sealed class Answer
{
    public bool PredictedLabel { get; set; }

    public float Probability { get; set; }
}
