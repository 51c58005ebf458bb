using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Heads.Transferability;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Tests.Transfer;

public sealed class BackboneRankingTests(TrainedTask task) : IClassFixture<TrainedTask>
{
    [Fact]
    public void Of_AllCuts_ScoresEachOnItsOwnFeaturesBestFirst()
    {
        var ranking = BackboneRanking.Of(task.Train, [TrainedTask.Backbone, Backbone.Embedded], allCuts: true);
        Assert.Equal(task.Train.Images.Count, ranking.Images);
        Assert.Equal(TrainedTask.Backbone.Cuts.Count + Backbone.Embedded.Cuts.Count, ranking.Cuts.Count);
        Assert.Equal(ranking.Cuts.Select(cut => cut.LogMe).OrderDescending(), ranking.Cuts.Select(cut => cut.LogMe));

        var stage = Backbone.Embedded.FindCut("stage2");
        using var extractor = new BottleneckExtractor(Backbone.Embedded.CutAt(stage));
        var features = extractor.Extract([.. task.Train.Images.Select(image => image.Path)]).Features;
        var ranked = Assert.Single(ranking.Cuts, cut => (cut.Backbone, cut.Cut) == (Backbone.Embedded.Name, "stage2"));
        Assert.Equal(LogMe.Of(features, task.Train.LabelIndices), ranked.LogMe, 1e-6);
        Assert.Equal(HScore.Of(features, task.Train.LabelIndices), ranked.HScore, 1e-6);
        Assert.Equal((stage.Dimensions, stage.MultiplyAdds), (ranked.Dimensions, ranked.MultiplyAdds));
    }

    [Fact]
    public void Of_DefaultCuts_IsOneABackbone()
    {
        var ranking = BackboneRanking.Of(task.Train, [TrainedTask.Backbone, Backbone.Embedded]);
        Assert.Equal([TrainedTask.Backbone.DefaultCut.Name, Backbone.Embedded.DefaultCut.Name],
            ranking.Cuts.OrderBy(cut => cut.Backbone == Backbone.Embedded.Name).Select(cut => cut.Cut));
    }

    [Fact]
    public void Of_EqualPicturesAlone_NamesTheCutThatCannotBeScored()
    {
        using var folder = new TemporaryFolder();
        foreach (var path in new[] { folder.File("a", "1.png"), folder.File("a", "2.png"), folder.File("b", "1.png"), folder.File("b", "2.png") })
            Drawings.Write(path, "dots", 1);
        var fault = Assert.Throws<TransferException>(() => BackboneRanking.Of(ImageFolder.Read(folder.Path), [TrainedTask.Backbone]));
        Assert.Contains("The features of tiny cut at", fault.Message);
        Assert.Contains("4 equal rows", fault.Message);
    }

    [Fact]
    public void Of_NoBackboneOrOneClass_IsRefused()
    {
        Assert.Contains("received none", Assert.Throws<TransferException>(() => BackboneRanking.Of(task.Train, [])).Message);
        var oneClass = new ImageSet(task.Train.Images.Where(image => image.Label == "dots"));
        Assert.Contains("2 or more classes", Assert.Throws<TransferException>(() => BackboneRanking.Of(oneClass, [TrainedTask.Backbone])).Message);
    }
}
