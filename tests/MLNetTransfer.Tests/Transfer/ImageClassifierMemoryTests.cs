using System.Diagnostics;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Transfer;
using SkiaSharp;

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

    /// <summary>Measured: 430 bytes, which are the prediction itself, the handle of the file and the wrappers of the native decoder.</summary>
    [Fact]
    public void Predict_WarmFile_AllocatesLessThan1024Bytes()
    {
        using var classifier = ImageClassifier.Load(task.ModelPath);
        using var folder = new TemporaryFolder();
        var photo = folder.File("photo.jpg");
        Drawings.Write(photo, "dots", seed: 5, SKEncodedImageFormat.Jpeg);
        classifier.WarmUp();
        Allocated(50);
        Assert.InRange(Allocated(200) / 200, 1, 1024);

        long Allocated(int times)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < times; i++)
                classifier.Predict(photo);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void Predict_3000Times_KeepsNoNativeMemory()
    {
        using var classifier = ImageClassifier.Load(task.ModelPath);
        var image = Drawings.Encode("dots", seed: 6, SKEncodedImageFormat.Jpeg);
        Predict(500);
        var before = WorkingSet();
        Predict(3000);
        // One kept decoder of every call would be some 60 MB, one kept picture 60 MB.
        Assert.InRange(WorkingSet() - before, long.MinValue, 30_000_000);

        void Predict(int times)
        {
            for (var i = 0; i < times; i++)
                classifier.Predict(image);
        }

        static long WorkingSet()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            using var process = Process.GetCurrentProcess();
            return process.WorkingSet64;
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
