using MLNetTransfer.Explanation;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Cli.Tests;

public sealed class ExplanationFilesTests(Photos photos) : IClassFixture<Photos>
{
    [Fact]
    public void Write_AnImageThatIsGoneByNow_IsToldAndTheOthersStay()
    {
        using var folder = new TemporaryFolder();
        string[] paths = [folder.File("a.png"), folder.File("b.png")];
        foreach (var (i, path) in paths.Index())
            Drawings.Write(path, "dots", i);
        using var classifier = ImageClassifier.Load(photos.Model);
        using var explainer = ImageExplainer.Load(photos.Model);
        var outcomes = classifier.Predict(paths);
        File.Delete(paths[0]);
        var (files, skipped) = ExplanationFiles.Write(path => explainer.Explain(path), outcomes, folder.Path, new Progress<int>(), CancellationToken.None);
        Assert.Equal([null, folder.File("b.explain.png")], files);
        Assert.True(File.Exists(folder.File("b.explain.png")));
        Assert.Equal(new SkippedImage(paths[0], "was predicted but not explained: it does not exist"), Assert.Single(skipped));
    }
}
