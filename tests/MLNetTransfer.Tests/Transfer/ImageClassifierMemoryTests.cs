using MLNetTransfer.Transfer;

namespace MLNetTransfer.Tests.Transfer;

/// <summary>Memory is counted for the whole process: no other test may run beside these.</summary>
[CollectionDefinition(nameof(ImageClassifierMemoryTests), DisableParallelization = true)]
[Collection(nameof(ImageClassifierMemoryTests))]
public sealed class ImageClassifierMemoryTests(TrainedTask task) : IClassFixture<TrainedTask>
{
    [Fact]
    public void Predict_2000Times_KeepsNothing()
    {
        using var classifier = ImageClassifier.Load(task.ModelPath);
        var image = File.ReadAllBytes(task.TestPaths[0]);
        Predict(200);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Predict(2000);
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        // One kept prediction of every call would be some 150,000 bytes, one kept tensor of every call 24,000,000.
        Assert.InRange(kept, long.MinValue, 100_000);

        void Predict(int times)
        {
            for (var i = 0; i < times; i++)
                classifier.Predict(image);
        }
    }

    [Fact]
    public void Load_20Times_WorksAndKeepsNothing()
    {
        Cycle(3);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Cycle(20);
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        // The buffers of one classifier alone are some 100,000 bytes.
        Assert.InRange(kept, long.MinValue, 1_000_000);

        void Cycle(int times)
        {
            for (var i = 0; i < times; i++)
            {
                using var classifier = ImageClassifier.Load(task.ModelPath);
                Assert.Equal("dots", classifier.Predict(task.TestPaths[0]).Label);
            }
        }
    }
}
