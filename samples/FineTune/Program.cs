// How many layers of the network to reuse, and a model whose upper layers learnt from 160 photos too. Takes about a minute.
using MLNetTransfer.Images;
using MLNetTransfer.Torch.Explanation;
using MLNetTransfer.Torch.FineTuning;
using MLNetTransfer.Torch.LayerSearch;
using MLNetTransfer.Transfer;

var photos = ImageFolder.Read("data/surfaces/plaster/train");
var test = ImageFolder.Read("data/surfaces/plaster/test");           // takes no part in what follows but the last measurement

// Which layers are worth keeping? Every choice is cross-validated; layers are trained too for as long as the time allows.
var search = LayerSearcher.Search(photos, new LayerSearchOptions { HiddenUnits = 0, Budget = TimeSpan.FromSeconds(20) });
foreach (var figures in search.Figures)
    Console.WriteLine($"{figures.Choice,-30} accuracy {figures.Accuracy:0.000}, log-loss {figures.LogLoss:0.000}, {figures.MultiplyAdds / 1e6:0} million multiply-adds");
Console.WriteLine($"Recommended: {search.Recommended.Choice}. {search.Reason}");

// Layers up to 'stage4' are kept; those above 'stage3' train together with the new output layer.
var tuned = FineTuner.Train(photos, new FineTuningOptions { Cut = "stage3", Augmentation = Augmentation.Turns },
    new TransferOptions { Cut = "stage4", Positive = "cracked", Test = test });
tuned.Model.Save("artifacts/fine-tuned.zip");

var frozen = TransferTrainer.Train(photos, new TransferOptions { Cut = "stage4", Positive = "cracked", Test = test });
Console.WriteLine($"accuracy on {test.Images.Count} test photos: {tuned.Test!.Result.Accuracy:0.000} fine-tuned, {frozen.Test!.Result.Accuracy:0.000} frozen");

// An ordinary model: whoever serves it references MLNetTransfer alone.
using var classifier = ImageClassifier.Load("artifacts/fine-tuned.zip");
var prediction = classifier.Predict("data/surfaces/plaster/test/cracked/001.jpg");
Console.WriteLine($"{prediction.Label}, probability {prediction.Probability:0.000}");

// What that rests on: Grad-CAM, at any map of the network.
using var explainer = GradientExplainer.Load("artifacts/fine-tuned.zip");
explainer.Explain("data/surfaces/plaster/test/cracked/001.jpg").SavePng("artifacts/grad-cam.png");
