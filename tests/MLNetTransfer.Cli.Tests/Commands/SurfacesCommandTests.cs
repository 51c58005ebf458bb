using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Cli.Tests.Commands;

public sealed class SurfacesCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Surfaces_FolderWithForeignFiles_IsRefusedAndLeftAsItIs()
    {
        File.WriteAllText(_folder.File("holiday.jpg"), "mine");
        var before = Snapshot.Of(_folder.Path);
        CliRun.Of("surfaces", "--out", _folder.Path).AssertRefused("holiday.jpg", "Name another folder");
        CliRun.Of("surfaces", "--out", _folder.File("holiday.jpg")).AssertRefused("holiday.jpg", "Name a new folder");
        Assert.Equal(before, Snapshot.Of(_folder.Path));
    }

    [Fact]
    public void Surfaces_Cancelled_Exits130()
    {
        var run = CliRun.Of(new CancellationToken(canceled: true), "surfaces", "--out", _folder.File("new"));
        Assert.Equal(130, run.Code);
        Assert.Equal("error: Stopped before it was done.", Assert.Single(run.Messages));
    }
}
