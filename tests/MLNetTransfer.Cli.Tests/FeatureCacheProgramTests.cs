using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Cli.Tests;

/// <summary>The real program and the cache of its user: killed, doubled, short of disk. Each test has a cache of its own.</summary>
public sealed class FeatureCacheProgramTests : IDisposable
{
    private const string Slow = "embedded";
    private readonly TemporaryFolder _folder = new();

    private string Cache => Path.Combine(_folder.Path, "cache");

    private string Database => Path.Combine(Cache, "features.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Features_KilledInTheMiddle_LeaveWhatWasWritten()
    {
        var data = Draw(300);
        using (var first = Start(Slow, data, "first.csv"))
        {
            // Two transactions or more are in the journal.
            while (!first.HasExited && !(File.Exists(Database + "-wal") && new FileInfo(Database + "-wal").Length > 100_000))
                Thread.Sleep(5);
            first.Kill();
            first.WaitForExit();
        }
        Assert.False(File.Exists(Csv("first.csv")));
        var (found, computed) = Cached(Finish(Start(Slow, data, "second.csv")));
        Assert.InRange(found, 32, 299);
        Assert.Equal(300, found + computed);
        Finish(Start(Slow, data, "plain.csv", "--no-cache"));
        Assert.Equal(File.ReadAllBytes(Csv("plain.csv")), File.ReadAllBytes(Csv("second.csv")));
    }

    [Fact]
    public void Features_TwoProcessesAtOnce_ShareOneCache()
    {
        var tiny = TinyBackboneFile();
        var data = Draw(200);
        Process[] both = [Start(tiny, data, "one.csv"), Start(tiny, data, "two.csv")];
        foreach (var process in both)
            Assert.DoesNotContain("cache '", Finish(process));
        Assert.Equal((200, 0), Cached(Finish(Start(tiny, data, "three.csv"))));
        Assert.Equal(File.ReadAllBytes(Csv("one.csv")), File.ReadAllBytes(Csv("two.csv")));
        Assert.Equal(File.ReadAllBytes(Csv("one.csv")), File.ReadAllBytes(Csv("three.csv")));
    }

    [Fact]
    public void Features_NoCache_LeavesNoTrace()
    {
        Finish(Start(TinyBackboneFile(), Draw(2), "features.csv", "--no-cache"));
        Assert.False(Directory.Exists(Cache));
    }

    [Fact]
    public void Features_DiskTakesNoMore_GoOnAndSaySoOnce()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Limits of a process are set by the shell of Linux.");
        var (tiny, data) = (TinyBackboneFile(), Draw(200));
        var limited = new ProcessStartInfo("bash", ["-c", "trap '' XFSZ; ulimit -f 64; exec \"$@\"", "bash", "dotnet", .. Arguments(tiny, data, "limited.csv")]);
        // The runtime's own double mapping of code is a large file.
        limited.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        var message = Assert.Single(Finish(Start(limited)).Split('\n'), line => line.Contains("cache"));
        Assert.Contains("cannot be written", message);
        Finish(Start(tiny, data, "plain.csv", "--no-cache"));
        Assert.Equal(File.ReadAllBytes(Csv("plain.csv")), File.ReadAllBytes(Csv("limited.csv")));
        // What had been written is there.
        var (found, computed) = Cached(Finish(Start(tiny, data, "after.csv")));
        Assert.InRange(found, 1, 199);
        Assert.Equal(200, found + computed);
        Assert.Equal(File.ReadAllBytes(Csv("plain.csv")), File.ReadAllBytes(Csv("after.csv")));
    }

    [Fact]
    public void Features_FolderTakesNoFile_GoOnAndSaySo()
    {
        File.WriteAllText(Cache, "a file where the folder should be");
        var messages = Finish(Start(TinyBackboneFile(), Draw(4), "features.csv"));
        Assert.Contains("cannot be opened", Assert.Single(messages.Split('\n'), line => line.Contains("cache")));
        Assert.Equal(5, File.ReadLines(Csv("features.csv")).Count());
    }

    private string Draw(int count)
    {
        for (var i = 0; i < count; i++)
            Drawings.Write(_folder.File("photos", FormattableString.Invariant($"{i:000}.png")), i % 2 == 0 ? "dots" : "stripes", i);
        return Path.Combine(_folder.Path, "photos");
    }

    private string TinyBackboneFile()
    {
        File.WriteAllBytes(_folder.File("tiny.onnx"), TinyBackbone.Bytes);
        return _folder.File("tiny.onnx");
    }

    private string Csv(string name) => Path.Combine(_folder.Path, name);

    private string[] Arguments(string backbone, string data, string csv, params string[] more) =>
        [Path.Combine(AppContext.BaseDirectory, "MLNetTransfer.Cli.dll"), "features", "--backbone", backbone, "--data", data, "--out", Csv(csv), .. more];

    private Process Start(string backbone, string data, string csv, params string[] more) => Start(new ProcessStartInfo("dotnet", Arguments(backbone, data, csv, more)));

    private Process Start(ProcessStartInfo start)
    {
        start.RedirectStandardError = true;
        start.Environment[UserCache.Variable] = Cache;
        return Process.Start(start)!;
    }

    /// <summary>The messages of a run that ended well.</summary>
    private static string Finish(Process process)
    {
        using (process)
        {
            var messages = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, messages);
            return messages;
        }
    }

    private static (int Found, int Computed) Cached(string messages)
    {
        var match = Regex.Match(messages, @"^features: (\d+) from the cache, (\d+) computed\r?$", RegexOptions.Multiline);
        Assert.True(match.Success, messages);
        return (int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
    }
}
