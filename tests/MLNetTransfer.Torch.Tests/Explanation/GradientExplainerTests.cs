using Microsoft.ML.OnnxRuntime;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Explanation;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Torch.Explanation;
using MLNetTransfer.Torch.FineTuning;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Torch.Tests.Explanation;

/// <summary>Grad-CAM against the class activation map where both exist, and against finite differences in ONNX Runtime everywhere.</summary>
[Collection(TorchCollection.Name)]
public sealed class GradientExplainerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Model => _folder.File("model.zip");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Explain_AveragesOfOneMapAndALinearHead_IsTheClassActivationMapButForTheBias()
    {
        TransferTrainer.Train(Photos(8), new TransferOptions { Cut = "stage4", TestFraction = 0 }).Model.Save(Model);
        using var maps = ImageExplainer.Load(Model);
        using var gradients = GradientExplainer.Load(Model);
        foreach (var image in Photos(3, skip: 100).Images)
        {
            var (expected, actual) = (maps.Explain(image.Path), gradients.Explain(image.Path));

            Assert.Equal((expected.Class, expected.Map.Rows, expected.Map.Columns), (actual.Class, actual.Map.Rows, actual.Map.Columns));
            Assert.Equal(expected.Prediction.Probability, actual.Prediction.Probability, 1e-5f);
            float[] bias = [.. expected.Map.Values.ToArray().Zip(actual.Map.Values.ToArray(), (one, other) => one - other)];
            Assert.InRange(bias.Max() - bias.Min(), 0, 1e-4f);
            Assert.Equal(ExplanationMethod.GradientActivation, actual.Method);
        }
    }

    // Shifting a whole channel by h changes the score by h times the sum of its gradients over all places.
    [Theory]
    [InlineData("stage4", 0, "stage3")]
    [InlineData("stage4", 8, "stage4")]
    [InlineData("all", 32, "stage4")]
    [InlineData("all", 32, "stage2")]
    public void Explain_AnyMap_AgreesWithFiniteDifferencesInOnnxRuntime(string cut, int hidden, string tensor)
    {
        var transfer = new TransferOptions { Cut = cut, TestFraction = 0 };
        var result = hidden == 0
            ? TransferTrainer.Train(Photos(8), transfer)
            : FineTuner.Train(Photos(8), new FineTuningOptions { Cut = cut, HiddenUnits = hidden, Epochs = 4, Folds = 2, LearningRate = 0.3 }, transfer);
        result.Model.Save(Model);
        using var explainer = GradientExplainer.Load(Model, tensor);
        var path = Photos(1, skip: 100).Images[0].Path;

        var explanation = explainer.Explain(path, "cracked");

        Assert.Equal(tensor, explainer.Tensor);
        // A large step crosses the kinks of ReLUs, a small one drowns in rounding: one of the sizes has to agree.
        double[] worst = [.. new[] { 1e-2f, 2e-3f, 4e-4f, 8e-5f }.Select(step => Worst(ByFiniteDifferences(tensor, path, "cracked", step)))];
        Assert.True(worst.Min() <= 0.01, $"the largest differences are {string.Join(", ", worst)} of the strongest place");

        double Worst(double[] expected)
        {
            Assert.Equal(expected.Length, explanation.Map.Values.Length);
            return expected.Zip(explanation.Map.Values.ToArray(), (one, other) => Math.Abs(one - other)).Max() / expected.Max(Math.Abs);
        }
    }

    [Fact]
    public void Explain_TheOtherOfTwoClasses_TurnsTheMapRound()
    {
        TransferTrainer.Train(Photos(6), new TransferOptions { TestFraction = 0 }).Model.Save(Model);
        using var explainer = GradientExplainer.Load(Model);
        var path = Photos(1, skip: 100).Images[0].Path;

        var (one, other) = (explainer.Explain(path, "cracked").Map.Values.ToArray(), explainer.Explain(path, "intact").Map.Values.ToArray());

        Assert.Equal(one, other.Select(value => -value));
        explainer.Explain(path).SavePng(_folder.File("one.png"));
        explainer.Explain(path).SavePng(_folder.File("two.png"));
        Assert.Equal(File.ReadAllBytes(_folder.File("one.png")), File.ReadAllBytes(_folder.File("two.png")));
    }

    [Fact]
    public void Load_NoSuchMap_NamesTheLastOfEachSize()
    {
        TransferTrainer.Train(Photos(6), new TransferOptions { Cut = "stage3", TestFraction = 0 }).Model.Save(Model);

        // What lies above the cut is no part of the model.
        Assert.Contains("stage1, stage2, stage3; received 'stage4'", Assert.Throws<TransferException>(() => GradientExplainer.Load(Model, "stage4")).Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<TransferException>(() => GradientExplainer.Load(_folder.File("no.zip"))).Message, StringComparison.Ordinal);
        using var explainer = GradientExplainer.Load(Model);
        Assert.Contains("'cracked', 'intact'; received 'cats'", Assert.Throws<TransferException>(() => explainer.Explain(Photos(1).Images[0].Path, "cats")).Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<ImageException>(() => explainer.Explain(_folder.File("gone.png"))).Message, StringComparison.Ordinal);
    }

    private double[] ByFiniteDifferences(string tensor, string path, string name, float share)
    {
        var saved = ModelArchive.Open(Model);
        var image = new float[saved.Card.Preprocessing.TensorLength];
        ImageDecoder.Decode(path, saved.Card.Preprocessing, image, out _);
        var graph = OnnxFile.Parse(saved.Onnx, "model");
        foreach (var node in graph.Graph.Node)
            for (var i = 0; i < node.Input.Count; i++)
                if (node.Input[i] == tensor)
                    node.Input[i] = "shifted";
        var at = graph.Graph.Node.Index().First(node => node.Item.Output.Contains(tensor)).Index;
        graph.Graph.Node.Insert(at + 1, new NodeProto { OpType = "Add", Name = "shifted", Input = { tensor, "shift" }, Output = { "shifted" } });
        graph.Graph.Input.Add(new ValueInfoProto { Name = "shift", Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = 1 } } });
        graph.Graph.Output.Add(new ValueInfoProto { Name = tensor });
        using var session = NetworkSession.Open(OnnxFile.Write(graph), threads: 1);
        var (_, map, shape) = Run([]);
        var (channels, places) = ((int)shape[1], (int)(shape[2] * shape[3]));
        var heat = new double[places];
        for (var channel = 0; channel < channels; channel++)
        {
            var step = share * Math.Max(0.1f, map.Skip(channel * places).Take(places).Max(Math.Abs));
            var shift = new float[channels];
            shift[channel] = step;
            var above = Run(shift).Score;
            shift[channel] = -step;
            var weight = (above - Run(shift).Score) / (2 * step * places);
            for (var place = 0; place < places; place++)
                heat[place] += weight * map[channel * places + place];
        }
        return heat;

        (double Score, float[] Map, long[] Shape) Run(float[] shift)
        {
            using var pixels = OrtValue.CreateTensorValueFromMemory(image, [1, 3, saved.Card.Preprocessing.Side, saved.Card.Preprocessing.Side]);
            using var added = OrtValue.CreateTensorValueFromMemory(shift.Length == 0 ? new float[1] : shift, [1, Math.Max(1, shift.Length), 1, 1]);
            using var options = new RunOptions();
            using var outputs = session.Run(options, [graph.Graph.Input[0].Name, "shift"], [pixels, added], [graph.Graph.Output[0].Name, tensor]);
            var features = outputs[0].GetTensorDataAsSpan<float>();
            var score = new ClassScore(saved.Head!, name);
            var sum = 0d;
            for (var i = 0; i < features.Length; i++)
                sum += score.WeightOf(i) * features[i];
            return (sum, outputs[1].GetTensorDataAsSpan<float>().ToArray(), outputs[1].GetTensorTypeAndShape().Shape);
        }
    }

    private static ImageSet Photos(int ofEachClass, int skip = 0)
    {
        var all = ImageSet.Read(Repository.Path("data", "surfaces", "concrete"));
        return new ImageSet(all.Images.GroupBy(image => image.Label).SelectMany(same => same.Skip(skip).Take(ofEachClass)));
    }
}
