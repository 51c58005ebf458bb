using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Heads;

namespace MLNetTransfer.Transfer;

/// <summary>
/// The file format of a model: the zip that ML.NET writes, its entries in ordinal order and without times, plus the card, the head as plain
/// numbers and the SHA-256 of every entry. ML.NET ignores the three; <see cref="ImageClassifier"/> believes nothing that does not match the checksums.
/// </summary>
internal static class ModelArchive
{
    private const string CardEntry = "MLNetTransfer/card.json";
    private const string HeadEntry = "MLNetTransfer/head.bin";
    private const string ChecksumsEntry = "MLNetTransfer/SHA256SUMS";
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Adds card, head and checksums to what ML.NET saved.</summary>
    public static byte[] Write(byte[] saved, ModelCard card, LinearHead head)
    {
        using var source = new ZipArchive(new MemoryStream(saved), ZipArchiveMode.Read);
        var entries = source.Entries.Select(entry => new Entry(entry.FullName, ReadAll(entry)))
            .Append(new Entry(CardEntry, Encoding.UTF8.GetBytes(card.Json))).Append(new Entry(HeadEntry, SavedHead.Write(head))).OrderBy(entry => entry.Name, StringComparer.Ordinal).ToList();
        var checksums = string.Concat(entries.Select(entry => $"{HashOf(entry.Bytes)}  {entry.Name}\n"));
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries.Append(new Entry(ChecksumsEntry, Encoding.UTF8.GetBytes(checksums))))
            {
                // Weights hardly compress, and stored entries load fastest.
                var entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
                entry.LastWriteTime = NoTime;
                using var target = entry.Open();
                target.Write(bytes);
            }
        }

        return stream.ToArray();
    }

    /// <summary>Checks every entry of a model file and reads its card.</summary>
    /// <exception cref="TransferException">The file is missing, no model of this library, truncated or altered.</exception>
    public static ModelCard Verify(string path) => Open(path).Card;

    /// <summary>Checks every entry of a model file and reads what serving needs.</summary>
    /// <exception cref="TransferException">The file is missing, no model of this library, truncated or altered.</exception>
    public static SavedModel Open(string path)
    {
        try
        {
            using var zip = ZipFile.OpenRead(path);
            var checksums = zip.GetEntry(ChecksumsEntry) ?? throw new TransferException(
                $"A model of this library holds the entry {ChecksumsEntry}; '{path}' does not. Give a model.zip that this library saved.");
            string[] expected = Encoding.UTF8.GetString(ReadAll(checksums)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Entry[] entries = [.. zip.Entries.Where(entry => entry != checksums).Select(entry => new Entry(entry.FullName, ReadAll(entry)))];
            string[] actual = [.. entries.Select(entry => $"{HashOf(entry.Bytes)}  {entry.Name}")];
            Array.Sort(expected, StringComparer.Ordinal);
            Array.Sort(actual, StringComparer.Ordinal);
            if (!expected.AsSpan().SequenceEqual(actual))
                throw Altered(path, DifferingEntries(expected, actual));
            var card = ModelCard.FromJson(Encoding.UTF8.GetString(Find(CardEntry) ?? throw Altered(path, CardEntry)), path);
            var network = entries.FirstOrDefault(entry => SavedBottleneck.IsNetwork(entry.Name));
            return new SavedModel(card, SavedBottleneck.OnnxOf(network?.Bytes, path), Find(HeadEntry) is { } head ? SavedHead.Read(head, card, path) : null);

            byte[]? Find(string name) => entries.FirstOrDefault(entry => entry.Name == name)?.Bytes;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            var reason = Directory.Exists(path) ? "is a folder" : error is UnauthorizedAccessException ? "may not be read by this user" : "does not exist";
            throw new TransferException($"A model is a file, usually model.zip; '{path}' {reason}. Check the path.", error);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or OverflowException or ArgumentException or NotSupportedException)
        {
            throw new TransferException($"A model is a whole zip file; '{path}' is truncated, altered or something else: {error.Message} Copy or train it again.", error);
        }
    }

    private static IEnumerable<string> DifferingEntries(string[] expected, string[] actual)
    {
        // Counted, because an entry that occurs twice is one too many.
        var wrong = expected.CountBy(line => line).ToHashSet();
        wrong.SymmetricExceptWith(actual.CountBy(line => line));
        return wrong.Select(line => line.Key[Math.Min(line.Key.Length, 66)..]).Distinct().Order(StringComparer.Ordinal);
    }

    private static TransferException Altered(string path, params IEnumerable<string> entries) =>
        new($"A model's entries match the checksums it was saved with; in '{path}' these do not: {string.Join(", ", entries)}. Copy or train it again.");

    private static byte[] ReadAll(ZipArchiveEntry entry)
    {
        // Entries are stored, so that the buffer fits at once; a length that lies costs no memory.
        using var stream = entry.Open();
        using var buffer = new MemoryStream((int)Math.Min(entry.Length, entry.CompressedLength));
        stream.CopyTo(buffer);
        return buffer.Length == buffer.Capacity ? buffer.GetBuffer() : buffer.ToArray();
    }

    private static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private sealed record Entry(string Name, byte[] Bytes);
}
