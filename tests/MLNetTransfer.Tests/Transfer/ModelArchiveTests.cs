using System.IO.Compression;
using System.Text;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Tests.Transfer;

public sealed class ModelArchiveTests(TrainedTask task) : IClassFixture<TrainedTask>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_Entries_AreSortedStoredAndWithoutTimes()
    {
        using var zip = ZipFile.OpenRead(task.ModelPath);
        string[] names = [.. zip.Entries.Select(entry => entry.FullName)];
        Assert.Equal("MLNetTransfer/SHA256SUMS", names[^1]);
        Assert.Equal(names[..^1].Order(StringComparer.Ordinal), names[..^1]);
        Assert.All(zip.Entries, entry => Assert.Equal(1980, entry.LastWriteTime.Year));
        Assert.All(zip.Entries, entry => Assert.Equal(entry.Length, entry.CompressedLength));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.001)]
    [InlineData(0.3)]
    [InlineData(0.9)]
    [InlineData(0.9999)]
    public void Load_Truncated_IsRefused(double kept)
    {
        var bytes = File.ReadAllBytes(task.ModelPath);
        AssertRefused(bytes[..(int)(kept * bytes.Length)], "truncated, altered or something else");
    }

    [Fact]
    public void Load_FlippedBitInAnyEntry_IsRefused()
    {
        using var zip = ZipFile.OpenRead(task.ModelPath);
        var original = File.ReadAllBytes(task.ModelPath);
        foreach (var entry in zip.Entries.Where(entry => entry.Length > 0))
        {
            // Entries are stored as they are, so that their bytes are found as they are.
            var content = Models.ReadAll(entry);
            var start = original.AsSpan().IndexOf([.. Encoding.UTF8.GetBytes(entry.FullName), .. content]) + Encoding.UTF8.GetByteCount(entry.FullName);
            var bytes = original.ToArray();
            bytes[start + (content.Length / 2)] ^= 1;
            AssertRefused(bytes);
        }
    }

    [Fact]
    public void Load_FlippedByteAnywhere_IsRefusedOrChangesNothing()
    {
        using var intact = ImageClassifier.Load(task.ModelPath);
        var expected = intact.Predict(task.TestPaths[0]).Probability;
        var original = File.ReadAllBytes(task.ModelPath);
        var refused = 0;
        // A prime stride, and the whole directory at the end with its names, sizes and offsets.
        int[] positions = [.. Enumerable.Range(0, 60).Select(i => i * 9973 % original.Length), .. Enumerable.Range(original.Length - 120, 120)];
        foreach (var position in positions)
        {
            var bytes = original.ToArray();
            bytes[position] ^= 0x55;
            try
            {
                using var classifier = ImageClassifier.Load(Written(bytes));
                Assert.Equal(expected, classifier.Predict(task.TestPaths[0]).Probability);
            }
            catch (TransferException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 60, positions.Length);
    }

    [Fact]
    public void Load_AddedEntry_IsRefusedAndNamed() => AssertRefused(Changed(zip => zip.CreateEntry("extra.txt").Open().Dispose()), "extra.txt");

    [Fact]
    public void Load_EntryTwice_IsRefusedAndNamed()
    {
        var bytes = Changed(zip =>
        {
            var first = zip.Entries[0];
            var content = Models.ReadAll(first);
            using var again = zip.CreateEntry(first.FullName).Open();
            again.Write(content);
        });
        using var intact = ZipFile.OpenRead(task.ModelPath);
        AssertRefused(bytes, $"do not: {intact.Entries[0].FullName}. ");
    }

    [Theory]
    [InlineData("MLNetTransfer/card.json")]
    [InlineData("MLNetTransfer/SHA256SUMS")]
    public void Load_MissingEntry_IsRefusedAndNamed(string name) => AssertRefused(Changed(zip => zip.GetEntry(name)!.Delete()), name);

    [Fact]
    public void Load_ForeignZip_IsRefused()
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            zip.CreateEntry("readme.txt").Open().Dispose();
        AssertRefused(stream.ToArray(), "Give a model.zip that this library saved");
    }

    [Fact]
    public void Load_TextFile_IsRefused() => AssertRefused("A text, no zip."u8.ToArray(), "truncated, altered or something else");

    [Fact]
    public void Load_MissingFileOrFolder_SaysWhich()
    {
        Assert.Contains("does not exist", Assert.Throws<TransferException>(() => ImageClassifier.Load(_folder.File("gone.zip"))).Message);
        Assert.Contains("does not exist", Assert.Throws<TransferException>(() => ImageClassifier.Load(Path.Combine(_folder.Path, "no", "x.zip"))).Message);
        Assert.Contains("is a folder", Assert.Throws<TransferException>(() => ImageClassifier.Load(_folder.Path)).Message);
    }

    private void AssertRefused(byte[] bytes, string reason = "")
    {
        var path = Written(bytes);
        var message = Assert.Throws<TransferException>(() => ImageClassifier.Load(path)).Message;
        Assert.Contains(path, message);
        Assert.Contains(reason, message);
        Assert.DoesNotContain('\n', message);
    }

    private string Written(byte[] bytes)
    {
        var path = _folder.File("model.zip");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private byte[] Changed(Action<ZipArchive> change)
    {
        using var stream = new MemoryStream();
        stream.Write(File.ReadAllBytes(task.ModelPath));
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
            change(zip);
        return stream.ToArray();
    }
}
