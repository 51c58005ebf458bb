using System.Diagnostics;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Cli.Tests.Commands;

/// <summary>The real program, killed while layers train, and begun again.</summary>
public sealed class TrainKilledTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TrainKilledTests()
    {
        Surfaces.Write(_folder.File("data"), 10);
        foreach (var name in new[] { "killed", "undisturbed", "scratch" })
            Directory.CreateDirectory(_folder.File(name));
    }

    private string Kept => Path.Combine(_folder.Path, "kept");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Train_KilledTwiceAmidItsEpochs_EndsWithTheBytesOfAnUndisturbedRun()
    {
        // At the first state that is kept, and once the third training has begun.
        foreach (var states in new[] { 1, 3 })
        {
            using var process = Start("killed", "--checkpoint", Kept);
            while (!process.HasExited && !(Directory.Exists(Kept) && Directory.GetFiles(Kept, "*.training").Length >= states))
                Thread.Sleep(2);
            process.Kill();
            process.WaitForExit();

            Assert.NotEqual(0, process.ExitCode);
            Assert.Empty(Directory.GetFileSystemEntries(_folder.File("killed")));
        }
        var before = Directory.GetFiles(Kept, "*.training").Length;

        Finish(Start("killed", "--checkpoint", Kept));

        // It had work left to do, and did it.
        Assert.InRange(before, 3, Directory.GetFiles(Kept, "*.training").Length - 1);
        Finish(Start("undisturbed"));
        Assert.Equal(["model.card.json", "model.zip"], Directory.GetFiles(_folder.File("killed")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var name in new[] { "model.zip", "model.card.json" })
            Assert.Equal(File.ReadAllBytes(_folder.File("undisturbed", name)), File.ReadAllBytes(_folder.File("killed", name)));
    }

    /// <summary>Two trainings side by side at most, and what the killed ones leave of scratch files where this test cleans up.</summary>
    private Process Start(string results, params string[] more)
    {
        var start = new ProcessStartInfo("dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "MLNetTransfer.Cli.dll"), "train", "--data", _folder.File("data"), "--out", _folder.File(results, "model.zip"),
            "--cut", "stage4", "--fine-tune", "stage3", "--epochs", "6", "--no-cache", .. more,
        ])
        { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["TMPDIR"] = _folder.File("scratch");
        start.Environment["DOTNET_PROCESSOR_COUNT"] = "2";
        return Process.Start(start)!;
    }

    private static void Finish(Process process)
    {
        using (process)
        {
            var messages = process.StandardError.ReadToEndAsync();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, messages.Result);
        }
    }
}
