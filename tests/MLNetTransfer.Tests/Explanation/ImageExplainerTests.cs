using MLNetTransfer.Explanation;
using MLNetTransfer.Images;
using MLNetTransfer.Tests.Transfer;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Transfer;
using SkiaSharp;

namespace MLNetTransfer.Tests.Explanation;

public sealed class ImageExplainerTests(TrainedTask task) : IClassFixture<TrainedTask>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Explain_OnOneThreadOrTwo_WritesTheSameBytes()
    {
        using var one = ImageExplainer.Load(task.ModelPath, threads: 1);
        using var two = ImageExplainer.Load(task.ModelPath, threads: 2);
        foreach (var method in new[] { ExplanationMethod.ClassActivation, ExplanationMethod.Occlusion })
        {
            var options = new ExplanationOptions { Method = method };
            one.Explain(task.TestPaths[0], options).SavePng(_folder.File("one.png"));
            two.Explain(task.TestPaths[0], options).SavePng(_folder.File("two.png"));
            Assert.Equal(File.ReadAllBytes(_folder.File("one.png")), File.ReadAllBytes(_folder.File("two.png")));
        }
    }

    [Fact]
    public void SavePng_AnExplanation_ShowsThePictureAndTheMapBesideIt()
    {
        using var explainer = ImageExplainer.Load(task.ModelPath);
        var explanation = explainer.Explain(task.TestPaths[0]);
        explanation.SavePng(_folder.File("explain.png"));
        using var png = SKBitmap.Decode(_folder.File("explain.png"));
        using var picture = SKBitmap.Decode(task.TestPaths[0]);
        var left = (png.Width - 2 * picture.Width - 12) / 2;
        Assert.Equal(picture.GetPixel(30, 40), png.GetPixel(left + 30, 12 + 40));
        // Where the map is strongest, its colour is strong: red for the class, blue against it.
        var strongest = Enumerable.Range(0, 256).MaxBy(i => MathF.Abs(explanation.Map.Values[i]));
        var colour = png.GetPixel(left + picture.Width + 12 + (int)((strongest % 16 + .5) * picture.Width / 16), 12 + (int)((strongest / 16 + .5) * picture.Height / 16));
        var isFor = explanation.Map.Values[strongest] > 0;
        Assert.InRange(isFor ? colour.Red - colour.Blue : colour.Blue - colour.Red, 100, 255);
    }

    [Fact]
    public void Explain_ACutOfClassScores_FallsBackToOcclusionAndRefusesMaps()
    {
        TransferTrainer.Train(task.Train, new TransferOptions { Backbone = TrainedTask.Backbone, Cut = "output", TestFraction = 0 }).Model.Save(_folder.File("scores.zip"));
        using var explainer = ImageExplainer.Load(_folder.File("scores.zip"));
        Assert.Equal(ExplanationMethod.Occlusion, explainer.DefaultMethod);
        var explanation = explainer.Explain(task.TestPaths[0]);
        Assert.Equal((ExplanationMethod.Occlusion, 10, 10), (explanation.Method, explanation.Map.Rows, explanation.Map.Columns));
        var asked = new ExplanationOptions { Method = ExplanationMethod.ClassActivation };
        Assert.Contains("tiny cut at output are not", Assert.Throws<TransferException>(() => explainer.Explain(task.TestPaths[0], asked)).Message);
        Assert.Contains("tiny cut at output are not", Assert.Throws<TransferException>(() => explainer.Activations(task.TestPaths[0])).Message);
    }

    [Fact]
    public void Activations_OfAModel_AreTheMapsOfItsCut()
    {
        using var explainer = ImageExplainer.Load(task.ModelPath);
        var expected = ActivationMaps.Of(TrainedTask.Backbone.CutAt(TrainedTask.Backbone.DefaultCut), task.TestPaths[1]);
        var actual = explainer.Activations(task.TestPaths[1]);
        Assert.Equal(expected.Layers, actual.Layers);
        Assert.Equal(expected[0, 7, 15, 3], actual[0, 7, 15, 3], 1e-6);
    }

    [Fact]
    public void Explain_BadInput_IsRefusedWithTheRule()
    {
        using var explainer = ImageExplainer.Load(task.ModelPath);
        Assert.Contains("does not exist", Assert.Throws<ImageException>(() => explainer.Explain(_folder.File("gone.png"))).Message);
        var options = new ExplanationOptions { Class = "cats", Patch = 0, Stride = 2 };
        var message = Assert.Throws<TransferException>(() => explainer.Explain(task.TestPaths[0], options)).Message;
        Assert.Contains("one of 'dots', 'stripes'; received 'cats'", message);
        Assert.Contains("Patch is above 0 up to 1; received 0.", message);
        Assert.Contains("Stride is .01 to 1; received 2.", message);
        var gradients = new ExplanationOptions { Method = ExplanationMethod.GradientActivation };
        Assert.Contains("needs no gradients; received GradientActivation", Assert.Throws<TransferException>(() => explainer.Explain(task.TestPaths[0], gradients)).Message);
        Assert.Contains("1 or more; received 0", Assert.Throws<TransferException>(() => ImageExplainer.Load(task.ModelPath, threads: 0)).Message);
        Assert.Throws<TransferException>(() => ImageExplainer.Load(_folder.File("no.zip")));
    }

    [Fact]
    public void SavePng_AFolderThatIsNotThereOrAGoneImage_IsRefused()
    {
        using var explainer = ImageExplainer.Load(task.ModelPath);
        var path = _folder.File("photo.png");
        File.Copy(task.TestPaths[0], path);
        var explanation = explainer.Explain(path);
        Assert.Contains("nowhere", Assert.Throws<TransferException>(() => explanation.SavePng(Path.Combine(_folder.Path, "nowhere", "x.png"))).Message);
        Assert.Contains("is a folder", Assert.Throws<TransferException>(() => explanation.SavePng(_folder.Path)).Message);
        File.Delete(path);
        Assert.Contains("cannot be drawn", Assert.Throws<ImageException>(() => explanation.SavePng(_folder.File("x.png"))).Message);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Explain_Cancelled_Stops()
    {
        using var explainer = ImageExplainer.Load(task.ModelPath);
        Assert.Throws<OperationCanceledException>(() =>
            explainer.Explain(task.TestPaths[0], new ExplanationOptions { Method = ExplanationMethod.Occlusion }, new CancellationToken(canceled: true)));
    }
}
