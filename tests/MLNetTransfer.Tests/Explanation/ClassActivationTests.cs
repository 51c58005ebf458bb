using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Explanation;
using MLNetTransfer.Heads;
using MLNetTransfer.Images;
using MLNetTransfer.Tests.Transfer;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Tests.Explanation;

public sealed class ClassActivationTests(TrainedTask task) : IClassFixture<TrainedTask>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Two maps of 2 x 2, weights 3 and -1, bias 1/2: each place is (3 a - b) / 4 + 1/8.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_TwoMaps_IsTheSumWorkedOutByHand(bool isChannelsLast)
    {
        float[] channelsFirst = [1, 2, 0, 4, 5, 0, 1, 8], channelsLast = [1, 5, 2, 0, 0, 1, 4, 8];
        var part = new TensorShape("map", 2, 2, 2, isChannelsLast);
        var head = new LinearHead(["a", "b"], 1, .5f, [3, -1], [.5]);
        var map = ClassActivation.Of([part], _ => isChannelsLast ? channelsLast : channelsFirst, new ClassScore(head, "b"));
        Assert.Equal([-.375f, 1.625f, -.125f, 1.125f], map.Values.ToArray());
        var other = ClassActivation.Of([part], _ => isChannelsLast ? channelsLast : channelsFirst, new ClassScore(head, "a"));
        Assert.Equal([.375f, -1.625f, .125f, -1.125f], other.Values.ToArray());
    }

    [Fact]
    public void Of_MapsOfSeveralSizes_KeepsTheirSumAndPlaces()
    {
        TensorShape[] parts = [new("fine", 1, 7, 5), new("coarse", 1, 2, 3), new("single", 1, 1, 1)];
        var values = parts.ToDictionary(part => part, part => new float[part.Height * part.Width]);
        values[parts[0]][0] = 35;
        values[parts[1]][5] = 6;
        values[parts[2]][0] = 2;
        var head = new LinearHead(["a", "b", "c"], -1, 0, [0, 0, 0, 1, 10, 100, 0, 0, 0], [0, 7, 0]);
        var map = ClassActivation.Of(parts, part => values[part], new ClassScore(head, "b"));
        Assert.Equal((7, 5), (map.Rows, map.Columns));
        Assert.Equal(1 + 10 + 200 + 7, Sum(map), 1e-4);
        // Of the single place and the bias each cell has its share, of the coarse one the cells at its corner have most.
        Assert.Equal(1 + 207d / 35, map[0, 0], 1e-5);
        Assert.Equal(207d / 35, map[0, 4], 1e-5);
        Assert.True(map[6, 4] > map[4, 3] && map[4, 3] > map[0, 4], string.Join(' ', map.Values.ToArray()));
    }

    [Fact]
    public void Explain_TwoClasses_SumsToTheLogOddsOfThePrediction()
    {
        using var classifier = ImageClassifier.Load(task.ModelPath);
        using var explainer = ImageExplainer.Load(task.ModelPath);
        Assert.Equal(ExplanationMethod.ClassActivation, explainer.DefaultMethod);
        foreach (var path in task.TestPaths.Take(6))
        {
            var expected = classifier.Predict(path);
            var explanation = explainer.Explain(path);
            Assert.Equal((16, 16), (explanation.Map.Rows, explanation.Map.Columns));
            Assert.Equal((expected.Label, expected.Label), (explanation.Prediction.Label, explanation.Class));
            Assert.Equal(expected.Probability, explanation.Prediction.Probability, 1e-6);
            Assert.Equal(LogOdds(explanation.Prediction.Probability), Sum(explanation.Map), 1e-4 * Math.Max(1, Math.Abs(Sum(explanation.Map))));
        }
    }

    [Fact]
    public void Explain_ThreeClassesAndMapsOfSeveralSizes_SumsToScoresWhoseSoftmaxIsThePrediction()
    {
        Drawings.WriteSet(_folder.File("photos"), 12, seed: 3, "dots", "stripes", "rings");
        var images = ImageFolder.Read(_folder.File("photos"));
        TransferTrainer.Train(images, new TransferOptions { TestFraction = 0 }).Model.Save(_folder.File("model.zip"));
        using var explainer = ImageExplainer.Load(_folder.File("model.zip"));
        Assert.Equal(ExplanationMethod.ClassActivation, explainer.DefaultMethod);
        foreach (var path in new[] { images.Images[0].Path, images.Images[^1].Path })
        {
            var scores = explainer.Classes.ToDictionary(name => name, name => Sum(explainer.Explain(path, new ExplanationOptions { Class = name }).Map));
            var prediction = explainer.Explain(path).Prediction;
            var total = scores.Values.Sum(Math.Exp);
            Assert.All(explainer.Classes, name => Assert.Equal(prediction[name], Math.Exp(scores[name]) / total, 1e-4));
        }
    }

    private static double Sum(HeatMap map) => map.Values.ToArray().Sum(value => (double)value);

    private static double LogOdds(double probability) => Math.Log(probability / (1 - probability));
}
