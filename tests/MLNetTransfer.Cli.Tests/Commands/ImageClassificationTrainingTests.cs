using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Cli.Tests.Commands;

/// <summary>The default build, which is without ML.NET's trainer.</summary>
public sealed class ImageClassificationTrainingTests(Photos photos) : IClassFixture<Photos>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Train_ImageClassification_SaysHowToBuildItIn() => Run("--trainer", "image-classification").AssertRefused("-p:UseTensorFlow=true");

    [Theory]
    [InlineData("--architecture", "ResnetV250")]
    public void Train_OptionOfTheOtherTrainer_IsRefused(string option, string value) => Run(option, value).AssertRefused($"'{option}'", "--trainer linear-head");

    [Theory]
    [InlineData("--backbone", "embedded")]
    [InlineData("--cut", "last")]
    [InlineData("--report", "report.html")]
    public void Train_OptionThatImageClassificationLacks_IsRefused(string option, string value) =>
        Run("--trainer", "image-classification", option, value).AssertRefused($"'{option}'", "--trainer image-classification");

    [Fact]
    public void Train_UnknownTrainer_NamesThoseThereAre()
    {
        var run = Run("--trainer", "nonsense");
        Assert.Equal(2, run.Code);
        Assert.Contains("image-classification", run.Error);
    }

    private CliRun Run(params string[] args)
    {
        var run = CliRun.Of(["train", "--data", photos.Train, "--out", Path.Combine(_folder.Path, "model.zip"), .. args]);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        return run;
    }
}
