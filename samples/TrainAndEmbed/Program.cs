// Trains on 160 photos, saves the model, and serves it: what an application does with MLNetTransfer. Takes a few seconds.
using MLNetTransfer.Evaluation;
using MLNetTransfer.Images;
using MLNetTransfer.Transfer;

var photos = ImageFolder.Read("data/surfaces/plaster/train");        // one folder per class
var result = TransferTrainer.Train(photos, new TransferOptions { Positive = "cracked" });
result.Model.Save("artifacts/model.zip");

using var classifier = ImageClassifier.Load("artifacts/model.zip");  // in your app
var prediction = classifier.Predict("data/surfaces/plaster/test/cracked/001.jpg");
Console.WriteLine($"{prediction.Label}, probability {prediction.Probability:0.000}");

// What it is worth: a fifth of the photos took no part in the training.
var heldOut = result.Test!.Result;
Console.WriteLine($"accuracy {heldOut.Accuracy:0.000} on {heldOut.Images} held-out photos, "
    + $"95 % interval {heldOut.AccuracyInterval.Low:0.000} to {heldOut.AccuracyInterval.High:0.000}");
var gate = new AccuracyGate { MinAccuracy = 0.8, MinAuc = 0.85 }.Check(heldOut);
Console.WriteLine(gate.Passed ? "good enough" : string.Join('\n', gate.Failures));

// A picture from an upload or a camera needs no file, and every class has its probability by name.
var bytes = File.ReadAllBytes("data/surfaces/plaster/test/intact/002.jpg");
Console.WriteLine($"{classifier.Predict(bytes)["intact"]:0.000} intact");

// Many at once, on all cores. One that cannot be read gets an error of its own and stops nothing.
foreach (var outcome in classifier.Predict(["data/surfaces/plaster/test/intact/001.jpg", "README.md"]))
    Console.WriteLine(outcome.IsPredicted ? $"{outcome.Path}: {outcome.Prediction.Label}" : $"{outcome.Path}: {outcome.Error}");
