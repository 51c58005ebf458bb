using MLNetTransfer.Benchmarks.Transferability;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Torch.Tests.Transferability;

[Collection(TorchCollection.Name)]
public sealed class ExperimentTests
{
    [Fact]
    public void Run_CutOffAndResumed_RepeatsNothingAndFindsTheSame()
    {
        using var folder = new TemporaryFolder();
        var (whole, parts) = (new ResultsFile(folder.File("whole.csv")), new ResultsFile(folder.File("parts.csv")));
        var expected = NetworkRun.Of(Similarity.Similar, 1).ToArray();
        Assert.Equal(expected.Length, new Experiment(Plans.Tiny, whole, folder.File("whole", "")).Run(Similarity.Similar, 1));

        using var stop = new CancellationTokenSource();
        var trained = new List<NetworkRun>();
        void Note(NetworkResult result)
        {
            trained.Add(result.Run);
            if (trained.Count == 5)
                stop.Cancel();
        }

        var experiment = new Experiment(Plans.Tiny, parts, folder.File("parts", ""));
        Assert.Throws<OperationCanceledException>(() => experiment.Run(Similarity.Similar, 1, Note, stop.Token));
        Assert.Equal(expected.Length - 5, experiment.Run(Similarity.Similar, 1, Note));
        Assert.Equal(expected, trained);
        Assert.Equal(0, experiment.Run(Similarity.Similar, 1, Note));
        Assert.Equal(whole.Read().Select(result => result with { Seconds = 0 }), parts.Read().Select(result => result with { Seconds = 0 }));
    }

    [Fact]
    public void Run_OtherPlan_TrainsAnew()
    {
        using var folder = new TemporaryFolder();
        var results = new ResultsFile(folder.File("results.csv"));
        new Experiment(Plans.Tiny, results, folder.Path).Run(Similarity.Dissimilar, 1);
        Assert.Equal(NetworkRun.Of(Similarity.Dissimilar, 1).Count(), new Experiment(Plans.Tiny with { Epochs = 2 }, results, folder.Path).Run(Similarity.Dissimilar, 1));
    }

    [Fact]
    public void Begin_EveryArm_HasTheLowerLayersItIsNamedAfterAndOtherUpperOnes()
    {
        using var folder = new TemporaryFolder();
        var experiment = new Experiment(Plans.Tiny, new ResultsFile(folder.File("results.csv")), folder.Path);
        experiment.Run(Similarity.Similar, 1);
        using var images = Plans.Images(Plans.Tiny);
        // Nothing taken over is the base as it began; all layers taken over are the base as it became.
        var a = Begun(Arm.TransferFrozen, CutNetwork.Layers);
        var b = Begun(Arm.SelfFrozen, CutNetwork.Layers);
        foreach (var layers in new[] { 2, 4 })
        {
            AssertBelow(a, Begun(Arm.TransferFrozen, layers), layers);
            AssertBelow(a, Begun(Arm.TransferTuned, layers), layers);
            AssertBelow(b, Begun(Arm.SelfFrozen, layers), layers);
            AssertBelow(b, Begun(Arm.SelfTuned, layers), layers);
            var random = Begun(Arm.RandomFrozen, layers);
            Assert.NotEqual(a["stem.weight"], random["stem.weight"]);
            Assert.NotEqual(b["stem.weight"], random["stem.weight"]);
            Assert.NotEqual(Begun(Arm.BaseB, 0)["stem.weight"], random["stem.weight"]);
            // Above the cut all arms begin alike.
            Assert.Equal(random["stage4_1.first.weight"], Begun(Arm.SelfFrozen, layers)["stage4_1.first.weight"]);
        }

        Dictionary<string, float[]> Begun(Arm arm, int layers)
        {
            using var network = experiment.Begin(new NetworkRun(Similarity.Similar, 1, arm, layers), images);
            return State.Of(network);
        }
    }

    private static void AssertBelow(Dictionary<string, float[]> trained, Dictionary<string, float[]> begun, int layers) => Assert.All(begun.Keys, name =>
    {
        if (State.IsBelow(name, layers))
            Assert.Equal(trained[name], begun[name]);
        else if (name.EndsWith("weight", StringComparison.Ordinal))
            Assert.NotEqual(trained[name], begun[name]);
    });
}
