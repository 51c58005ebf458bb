using System.IO.Compression;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Tests.Transfer;

/// <summary>Models as the bytes of their files.</summary>
internal static class Models
{
    public static (byte[] Model, string Card) Saved(TransferModel model)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("model.zip");
        model.Save(path);
        return (File.ReadAllBytes(path), File.ReadAllText(folder.File("model.card.json")));
    }

    /// <summary>The entries that ML.NET reads, by name: the model without card and checksums.</summary>
    public static Dictionary<string, byte[]> Entries(byte[] model)
    {
        using var zip = new ZipArchive(new MemoryStream(model));
        return zip.Entries.Where(entry => !entry.FullName.StartsWith("MLNetTransfer/", StringComparison.Ordinal))
            .ToDictionary(entry => entry.FullName, ReadAll);
    }

    public static byte[] ReadAll(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return buffer.ToArray();
    }
}
