namespace MLNetTransfer.Tests.Architecture;

public sealed class RoomsTests
{
    [Fact]
    public void Rooms_OfTheCore_KnowOnlyLowerRanks()
    {
        var sources = Sources.OfProject("MLNetTransfer").ToArray();

        Assert.Contains(sources, source => source.Path == "Transfer/TransferTrainer.cs");
        Assert.Empty(Rooms.Breaches(sources));
    }

    [Theory]
    [InlineData("Images/A.cs", "using MLNetTransfer.Backbones;", "Images/A.cs: 'Images' (rank 0) knows 'Backbones' (rank 1).")]
    [InlineData("Heads/A.cs", "using MLNetTransfer.Bottlenecks;", "Heads/A.cs: 'Heads' (rank 2) knows 'Bottlenecks' (rank 2).")]
    [InlineData("Backbones/Onnx/A.cs", "using static MLNetTransfer.Evaluation.Interval;", "Backbones/Onnx/A.cs: 'Backbones' (rank 1) knows 'Evaluation' (rank 1).")]
    [InlineData("Heads/A.cs", "using Model = MLNetTransfer.Transfer.TransferModel;", "Heads/A.cs: 'Heads' (rank 2) knows 'Transfer' (rank 3).")]
    [InlineData("Images/A.cs", "var cut = MLNetTransfer.Backbones.Cut.Last;", "Images/A.cs: 'Images' (rank 0) knows 'Backbones' (rank 1).")]
    [InlineData("Images/A.cs", "var cut = Backbones.Cut.Last;", "Images/A.cs: 'Images' (rank 0) knows 'Backbones' (rank 1).")]
    [InlineData("A.cs", "using MLNetTransfer.Images;", "A.cs: 'MLNetTransfer' (rank -1) knows 'Images' (rank 0).")]
    [InlineData("Images/A.cs", "global using System;", "Images/A.cs: a global using hides which rooms a file knows.")]
    [InlineData("Images/A.cs", "using MLNetTransfer.Shortcuts;", "Images/A.cs: the room 'Shortcuts' has no rank.")]
    [InlineData("Utils/A.cs", "", "Utils/A.cs: the folder 'Utils' has no rank.")]
    public void Breaches_AForbiddenName_IsReported(string path, string text, string breach) =>
        Assert.Equal([breach], Rooms.Breaches([(path, text)]));

    [Theory]
    [InlineData("Reporting/A.cs", "using MLNetTransfer.Evaluation;\nusing MLNetTransfer.Images;")]
    [InlineData("Transfer/A.cs", "var cut = Backbones.Cut.Last;")]
    [InlineData("Backbones/A.cs", "using MLNetTransfer.Backbones.Onnx;")]
    [InlineData("Images/A.cs", "/// <see cref=\"Backbones.Backbone\"/> explains this. See MLNetTransfer.Transfer.\n/* Transfer.Model */")]
    [InlineData("Images/A.cs", "var image = set.Transfer.Images; // Transfer.Images")]
    public void Breaches_AllowedNames_AreNotReported(string path, string text) =>
        Assert.Empty(Rooms.Breaches([(path, text)]));
}
