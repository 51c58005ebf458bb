// Trains on 160 photos, saves the model, and serves it: what an application does with MLNetTransfer. Takes a few seconds.
using System.Text.Json.Nodes;
using Microsoft.ML.OnnxRuntime;
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

// What a prediction rests on, as a picture: red places speak for the class, blue ones against it.
using (var explainer = MLNetTransfer.Explanation.ImageExplainer.Load("artifacts/model.zip"))
    explainer.Explain("data/surfaces/plaster/test/cracked/001.jpg").SavePng("artifacts/explained.png");

// The same model as one ONNX file, for whatever runs ONNX. How pictures are prepared and the order of the classes are written in it.
result.Model.ExportOnnx("artifacts/model.onnx");
using var session = new InferenceSession("artifacts/model.onnx");
var about = JsonNode.Parse(session.ModelMetadata.CustomMetadataMap["mlnettransfer"])!;
var preprocessing = Preprocessing.FromJson(about["preprocessing"]!.ToJsonString());
var image = new float[preprocessing.TensorLength];
ImageDecoder.Decode("data/surfaces/plaster/test/cracked/001.jpg", preprocessing, image, out _);
using var input = OrtValue.CreateTensorValueFromMemory(image, [1, preprocessing.Channels, preprocessing.Side, preprocessing.Side]);
using var outputs = session.Run(new RunOptions(), ["image"], [input], ["probabilities"]);
Console.WriteLine($"{about["classes"]![0]} {outputs[0].GetTensorDataAsSpan<float>()[0]:0.000} by ONNX Runtime alone");
