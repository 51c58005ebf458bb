// Trains on 160 photos, saves the model, and serves it: what an application does with MLNetTransfer. Takes a few seconds.
using System.Globalization;
using MLNetTransfer.Images;
using MLNetTransfer.Transfer;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
GoToRepository();

var photos = ImageFolder.Read("data/surfaces/plaster/train");                   // one folder per class
var result = TransferTrainer.Train(photos, new TransferOptions { Positive = "cracked", Seed = 1 });
result.Model.Save("artifacts/model.zip");
var held = result.Test!.Result;                                                 // a fifth was held out
Console.WriteLine($"{held.Images} held-out photos: accuracy {held.Accuracy:0.000}, 95 % interval {held.AccuracyInterval.Low:0.000} to {held.AccuracyInterval.High:0.000}");

using var classifier = ImageClassifier.Load("artifacts/model.zip");             // in your app: thread-safe, load it once
var prediction = classifier.Predict("data/surfaces/plaster/test/cracked/001.jpg");
Console.WriteLine($"{prediction.Label}: {prediction["cracked"]:0.000} cracked, {prediction["intact"]:0.000} intact");

// Many at once, on all cores: an image that cannot be read gets an error of its own and stops nothing.
foreach (var outcome in classifier.Predict(["data/surfaces/plaster/test/intact/001.jpg", "README.md"]))
    Console.WriteLine(outcome.IsPredicted ? $"{outcome.Path}: {outcome.Prediction.Label}" : $"{outcome.Path}: {outcome.Error}");

// A picture from an upload or a camera never needs a file.
var bytes = File.ReadAllBytes("data/surfaces/plaster/test/intact/002.jpg");
Console.WriteLine($"from memory: {classifier.Predict(bytes).Label}");

static void GoToRepository()
{
    var folder = new DirectoryInfo(AppContext.BaseDirectory);
    while (!File.Exists(Path.Combine(folder.FullName, "MLNetTransfer.sln")))
        folder = folder.Parent ?? throw new DirectoryNotFoundException("Run this sample inside the repository.");
    Directory.SetCurrentDirectory(folder.FullName);
    Directory.CreateDirectory("artifacts");
}
