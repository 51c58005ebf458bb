using System.Runtime.InteropServices;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Surfaces.Tests;

public sealed class SurfaceSetTests
{
    [Fact]
    public void Plan_Paths_AreUniqueAndInOrdinalOrder()
    {
        var paths = SurfaceSet.Plan.Select(image => image.Path).ToArray();
        Assert.Equal(paths.Distinct().Order(StringComparer.Ordinal), paths);
    }

    [Fact]
    public void Plan_EveryFolder_HasAsManyCrackedAsIntact()
    {
        foreach (var part in SurfaceSet.Plan.GroupBy(image => Path.GetDirectoryName(Path.GetDirectoryName(image.Path))))
            Assert.Equal(part.Count(image => image.Cracked), part.Count(image => !image.Cracked));
        Assert.All(SurfaceSet.Plan, image => Assert.Contains(image.Cracked ? "/cracked/" : "/intact/", image.Path));
        Assert.All(SurfaceSet.Plan, image => Assert.StartsWith(image.Domain.Name + "/", image.Path));
    }

    [Fact]
    public void Write_EveryTwelfthImage_GivesTheCommittedBytesAndDigests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64,
            "The committed bytes are checked on Linux x64, where they were made.");
        SurfaceImage[] chosen = [.. SurfaceSet.Plan.Where((_, i) => i % 12 == 5)];
        using var folder = new TemporaryFolder();
        SurfaceSet.Write(folder.Path, 1, chosen);
        foreach (var image in chosen)
            Assert.True(File.ReadAllBytes(Repository.Path("data", "surfaces", image.Path)).AsSpan().SequenceEqual(File.ReadAllBytes(folder.File(image.Path))), image.Path);
        var committed = File.ReadAllLines(Repository.Path("data", "surfaces", SurfaceSet.DigestFile)).Where((_, i) => i % 12 == 5);
        Assert.Equal(string.Concat(committed.Select(line => line + "\n")), File.ReadAllText(folder.File(SurfaceSet.DigestFile)));
        Assert.Empty(Directory.GetFiles(folder.Path, "*.tmp", SearchOption.AllDirectories));
    }

    [Fact]
    public void Write_OverAnEarlierSet_ReplacesIt()
    {
        using var folder = new TemporaryFolder();
        SurfaceImage[] one = [SurfaceSet.Plan[0]];
        SurfaceSet.Write(folder.Path, 2, one);
        var before = File.ReadAllText(folder.File(SurfaceSet.DigestFile));
        File.WriteAllText(folder.File(one[0].Path + ".tmp"), "left by an interrupted run");
        SurfaceSet.Write(folder.Path, 1, one);
        Assert.NotEqual(before, File.ReadAllText(folder.File(SurfaceSet.DigestFile)));
        Assert.Equal(SurfaceSet.Render(one[0], 1), File.ReadAllBytes(folder.File(one[0].Path)));
    }

    [Fact]
    public void Write_FolderWithAnotherFile_RefusesAndWritesNothing()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("concrete", "holiday.jpg"), "mine");
        var error = Assert.Throws<SurfaceException>(() => SurfaceSet.Write(folder.Path, 1));
        Assert.Contains("concrete/holiday.jpg", error.Message);
        Assert.Equal(["holiday.jpg"], Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName));
    }

    [Fact]
    public void Write_PathOfAFile_Refuses()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("x"), "mine");
        Assert.Throws<SurfaceException>(() => SurfaceSet.Write(folder.File("x"), 1));
    }

    [Fact]
    public void Write_Cancelled_LeavesNoListOfDigests()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        File.WriteAllText(folder.File("SHA256SUMS"), "of an earlier seed");
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => SurfaceSet.Write(folder.Path, 1, cancellation: stop.Token));
        Assert.False(File.Exists(folder.File("SHA256SUMS")));
    }
}
