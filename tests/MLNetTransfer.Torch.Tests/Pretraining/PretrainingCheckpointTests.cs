using MLNetTransfer.TestSupport;
using MLNetTransfer.Torch.Pretraining;

namespace MLNetTransfer.Torch.Tests.Pretraining;

[Collection(TorchCollection.Name)]
public sealed class PretrainingCheckpointTests
{
    [Fact]
    public void Load_OtherOptions_RefusesAndLeavesTheFileAlone()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("run.ckpt");
        new Pretrainer(Options()).Run(path);
        var saved = File.ReadAllBytes(path);
        PretrainingOptions[] others = [Options(seed: 2), Options(images: 128), Options(rate: 0.01), Options(threads: 2), Options(things: 0.5)];
        Assert.All(others, other =>
        {
            var message = Assert.Throws<TransferException>(() => new Pretrainer(other).Run(path)).Message;
            Assert.Contains(path, message);
            Assert.Contains("the options it began with", message);
            Assert.Equal(saved, File.ReadAllBytes(path));
        });
    }

    [Fact]
    public void Load_Truncated_ThrowsAndLeavesTheFileAlone()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("run.ckpt");
        new Pretrainer(Options()).Run(path);
        var saved = File.ReadAllBytes(path);
        foreach (var length in new[] { 0, 1, 20, 200, saved.Length / 4, saved.Length / 2, saved.Length * 3 / 4, saved.Length - 1 })
        {
            File.WriteAllBytes(path, saved[..length]);
            var message = Assert.Throws<TransferException>(() => new Pretrainer(Options()).Run(path)).Message;
            Assert.Contains(path, message);
            Assert.Contains("damaged", message);
            Assert.Equal(saved[..length], File.ReadAllBytes(path));
        }
    }

    [Fact]
    public void Load_OneBitFlipped_Throws()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("run.ckpt");
        new Pretrainer(Options()).Run(path);
        var saved = File.ReadAllBytes(path);
        foreach (var position in new[] { 0, 40, saved.Length / 3, saved.Length - 1 })
        {
            byte[] flipped = [.. saved];
            flipped[position] ^= 4;
            File.WriteAllBytes(path, flipped);
            Assert.Contains("checksum", Assert.Throws<TransferException>(() => new Pretrainer(Options()).Run(path)).Message);
        }
    }

    [Fact]
    public void Load_AnotherKindOfFile_Throws()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("run.ckpt");
        File.WriteAllText(path, new string('x', 5000));
        Assert.Contains(path, Assert.Throws<TransferException>(() => new Pretrainer(Options()).Run(path)).Message);
        Assert.Equal(5000, new FileInfo(path).Length);
    }

    private static PretrainingOptions Options(int seed = 1, long images = 64, double rate = 0.05, int threads = 1, double things = 0) =>
        new() { Seed = seed, Images = images, BatchSize = 32, Side = 32, LearningRate = rate, BFloat16 = false, HeldOut = 8, Threads = threads, Things = things };
}
