using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Cli.Tests.Commands;

/// <summary><c>train --fine-tune</c>: photos in, a model with trained layers out, and what is refused.</summary>
public sealed class TrainFineTuneTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TrainFineTuneTests() => Surfaces.Write(Data, 6);

    private string Data => Path.Combine(_folder.Path, "data");

    private string Model => Path.Combine(_folder.Path, "model.zip");

    private string CheckpointFolder => Path.Combine(_folder.Path, "kept");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Train_FineTunedJson_SaysFromWhereAndTheModelPredicts()
    {
        var run = Run("--cut", "stage4", "--fine-tune", "stage3", "--epochs", "1", "--json", "--report", _folder.File("report.html"));

        Assert.Equal(0, run.Code);
        Assert.Equal(["backbone", "cut", "fineTunedFrom", "classes", "positive", "images", "skipped", "validation", "test"], CliRun.Names(run.Json));
        Assert.Equal(("stage4", "stage3"), ((string?)run.Json["cut"], (string?)run.Json["fineTunedFrom"]));
        var card = Card()["fineTuning"]!;
        Assert.Equal(("stage3", 1, 0), ((string?)card["from"], (int?)card["epochs"], (int?)card["hiddenUnits"]));
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(_folder.File("report.html")));
        var served = CliRun.Of("predict", "--model", Model, "--json", Data);
        Assert.Equal(0, served.Code);
        Assert.Equal(12, served.JsonLines.Count);
    }

    [Fact]
    public void Train_FineTunedText_NamesWeightsCutAndHiddenUnits()
    {
        var run = Run("--cut", "stage4", "--fine-tune", "stage3", "--epochs", "1", "--hidden", "4");

        Assert.Equal(0, run.Code);
        var match = Regex.Match(run.Output, @"cut at stage4, ([\d,]+) weights trained from stage3 on, 4 hidden units\.");
        Assert.True(match.Success, run.Output);
        Assert.Equal((long?)Card()["fineTuning"]!["weights"], long.Parse(match.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture));
        Assert.Equal(4, (int?)Card()["fineTuning"]!["hiddenUnits"]);
    }

    [Fact]
    public void Train_FromTheImage_TrainsMoreWeightsThanFromACut()
    {
        long Weights(string from)
        {
            Assert.Equal(0, Run("--cut", "stage4", "--fine-tune", from, "--epochs", "1", "--augment", "none").Code);
            Assert.Equal(from, (string?)Card()["fineTuning"]!["from"]);
            return (long)Card()["fineTuning"]!["weights"]!;
        }

        Assert.True(Weights("image") > Weights("stage3"));
    }

    [Fact]
    public void Train_RateAndAugmentation_ReachTheTraining()
    {
        string[] some = ["--cut", "stage4", "--fine-tune", "stage3", "--epochs", "1"];
        var models = new List<string>();
        string[][] others = [[], ["--augment", "turns"], ["--augment", "none"], ["--crop", "0.5"], ["--colour", "0.3"]];
        string[][] ways = [["--learning-rate", "0.002"], ["--learning-rate", "0.001", "--views", "1"], .. others.Select(way => (string[])["--learning-rate", "0.001", .. way])];
        foreach (var more in ways)
        {
            Assert.Equal(0, Run([.. some, .. more]).Code);
            Assert.Equal(double.Parse(more[1], CultureInfo.InvariantCulture), (double?)Card()["fineTuning"]!["learningRate"]);
            models.Add(Convert.ToHexString(File.ReadAllBytes(Model)));
        }

        Assert.Equal(ways.Length, models.Distinct().Count());
    }

    [Fact]
    public void Train_CheckpointFolder_GoesOnWithTheSameTrainingAlone()
    {
        string[] kept = ["--cut", "stage4", "--fine-tune", "stage3", "--epochs", "2", "--checkpoint", CheckpointFolder];
        Assert.Equal(0, Run(kept).Code);
        var model = File.ReadAllBytes(Model);
        Assert.Contains("final.training", Directory.GetFiles(CheckpointFolder).Select(Path.GetFileName));
        Assert.All(Directory.GetFiles(CheckpointFolder), file => Assert.EndsWith(".training", file));
        File.Delete(Model);

        Assert.Equal(0, Run(kept).Code);

        Assert.Equal(model, File.ReadAllBytes(Model));
        var before = Snapshot.Of(_folder.Path);
        Run([.. kept, "--seed", "2"]).AssertRefused("goes on only with the images and options it began with", "Give the same ones, or another folder");
        Assert.Equal(before, Snapshot.Of(_folder.Path));
        File.WriteAllBytes(Path.Combine(CheckpointFolder, "final.training"), [1, 2, 3]);
        Run(kept).AssertRefused("final.training", "Delete it");
    }

    [Fact]
    public void Train_AutoWithinABudget_TakesWhatTheSearchRecommends()
    {
        var run = Run("--cut", "auto", "--fine-tune", "auto", "--epochs", "1", "--budget", "1h", "--json");

        Assert.Equal(0, run.Code);
        var said = Regex.Match(run.Error, @"^Layers: (\w+), (frozen|trained from (\w+))?(, \d+ hidden units)?", RegexOptions.Multiline);
        Assert.True(said.Success, run.Error);
        Assert.Equal(said.Groups[1].Value, (string?)run.Json["cut"]);
        Assert.Equal(said.Groups[3].Success || said.Groups[4].Success, run.Json["fineTunedFrom"] is not null);
    }

    [Fact]
    public void Train_AutoWithoutTime_StillEndsWithAModel()
    {
        var run = Run("--cut", "stage4", "--fine-tune", "auto", "--epochs", "1", "--budget", "0.001s", "--json");

        Assert.Equal(0, run.Code);
        Assert.Equal("stage4", (string?)run.Json["cut"]);
        Assert.Null(run.Json["fineTunedFrom"]);
        Assert.Contains("Layers: stage4, frozen", run.Error);
        Assert.True(File.Exists(Model));
    }

    [Theory]
    [InlineData("'nowhere'", "--cut", "stage4", "--fine-tune", "nowhere")]
    [InlineData("there are none", "--cut", "stage3", "--fine-tune", "stage4")]
    [InlineData("there are none", "--cut", "stage4", "--fine-tune", "stage4")]
    [InlineData("one tensor", "--cut", "stage4", "--fine-tune", "all")]
    [InlineData("received the layers themselves (stage4, stage3)", "--cut", "stage4", "--fine-tune", "stage3", "--budget", "5m")]
    [InlineData("received '5 minutes'", "--fine-tune", "auto", "--budget", "5 minutes")]
    [InlineData("received '-1s'", "--fine-tune", "auto", "--budget", "-1s")]
    [InlineData("Give --fine-tune auto, or name the cut", "--cut", "auto", "--fine-tune", "stage3")]
    [InlineData("received --hidden 8", "--fine-tune", "auto", "--hidden", "8")]
    [InlineData("Epochs is 1 or more; received 0", "--cut", "stage4", "--fine-tune", "stage3", "--epochs", "0")]
    [InlineData("LearningRate is a finite number of 0 or more; received -1", "--cut", "stage4", "--fine-tune", "stage3", "--learning-rate", "-1")]
    [InlineData("HiddenUnits is 0 or more; received -1", "--cut", "stage4", "--fine-tune", "stage3", "--hidden", "-1")]
    [InlineData("'--epochs' belongs to --fine-tune", "--epochs", "3")]
    [InlineData("'--hidden' belongs to --fine-tune", "--hidden", "3")]
    [InlineData("'--learning-rate' belongs to --fine-tune", "--learning-rate", "0.1")]
    [InlineData("'--augment' belongs to --fine-tune", "--augment", "none")]
    [InlineData("'--crop' belongs to --fine-tune", "--crop", "0.5")]
    [InlineData("'--colour' belongs to --fine-tune", "--colour", "0.2")]
    [InlineData("'--views' belongs to --fine-tune", "--views", "8")]
    [InlineData("Crop is above 0 and at most 1; received 2. Colour is 0 up to 1; received 1.5", "--cut", "stage4", "--fine-tune", "stage3", "--crop", "2", "--colour", "1.5")]
    [InlineData("Views is 1 or more; received 0", "--cut", "stage4", "--fine-tune", "stage3", "--views", "0")]
    [InlineData("'--budget' belongs to --fine-tune", "--budget", "5m")]
    [InlineData("'--checkpoint' belongs to --fine-tune", "--checkpoint", "kept")]
    public void Train_WhatCannotBeMeant_IsRefusedAndWritesNothing(string said, params string[] args)
    {
        var before = Snapshot.Of(_folder.Path);

        Run(args).AssertRefused(said);

        Assert.Equal(before, Snapshot.Of(_folder.Path));
    }

    [Fact]
    public void Train_UnknownAugmentation_IsRefusedWithTheWayToHelp()
    {
        var run = Run("--fine-tune", "stage3", "--augment", "flips");

        Assert.Equal(2, run.Code);
        Assert.Contains("flips", run.Messages[0]);
        Assert.Equal("'mlnettransfer train --help' lists what is possible.", run.Messages[^1]);
    }

    [Fact]
    public void Train_CheckpointFolderThatIsAFile_IsRefused()
    {
        File.WriteAllText(CheckpointFolder, "");

        Run("--cut", "stage4", "--fine-tune", "stage3", "--checkpoint", CheckpointFolder).AssertRefused("kept");

        Assert.False(File.Exists(Model));
    }

    [Fact]
    public void Train_ARateThatDiverges_WarnsAndKeepsTheBestWeights()
    {
        var run = Run("--cut", "stage4", "--fine-tune", "stage3", "--epochs", "3", "--learning-rate", "1e6", "--json");

        Assert.Equal(0, run.Code);
        Assert.Contains("Warning: Training diverged in epoch ", run.Error);
        Assert.Contains("Lower the learning rate", run.Error);
        Assert.True(File.Exists(Model));
    }

    private JsonNode Card() => JsonNode.Parse(File.ReadAllText(Path.Combine(_folder.Path, "model.card.json")))!;

    private CliRun Run(params string[] args) => CliRun.Of(["train", "--data", Data, "--out", Model, .. args]);
}
