using System.Security.Cryptography;
using System.Text;

namespace MLNetTransfer.Torch.FineTuning;

/// <summary>
/// A training on disk, written after every epoch: the SHA-256 of the rest, what was asked, and where it stands. Written beside the old file and moved over it, so that
/// a process killed at any moment leaves the one or the other whole.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="identity">All that the result depends on.</param>
internal sealed class TrainingCheckpoint(string path, string identity)
{
    /// <summary>Keeps a state.</summary>
    /// <exception cref="TransferException">The file cannot be written.</exception>
    public void Save(TrainingState state)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(identity);
        state.Write(writer);
        writer.Flush();
        var bytes = stream.GetBuffer().AsSpan(0, (int)stream.Length);
        try
        {
            using (var file = File.Create(path + ".tmp"))
            {
                file.Write(SHA256.HashData(bytes));
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }
            File.Move(path + ".tmp", path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TransferException($"A training is kept in '{path}' after each epoch; that cannot be done: {error.Message} The state of the epoch before is untouched. Free some space or name another folder.", error);
        }
    }

    /// <summary>Puts a kept state back; nothing when there is none.</summary>
    /// <exception cref="TransferException">The file belongs to another training or is damaged.</exception>
    public void Restore(TrainingState state)
    {
        if (!File.Exists(path))
            return;
        try
        {
            var saved = File.ReadAllBytes(path);
            if (saved.Length < SHA256.HashSizeInBytes || !SHA256.HashData(saved.AsSpan(SHA256.HashSizeInBytes)).AsSpan().SequenceEqual(saved.AsSpan(0, SHA256.HashSizeInBytes)))
                throw new InvalidDataException("its bytes do not match its checksum");
            using var reader = new BinaryReader(new MemoryStream(saved, SHA256.HashSizeInBytes, saved.Length - SHA256.HashSizeInBytes), Encoding.UTF8);
            var found = reader.ReadString();
            if (found != identity)
                throw new TransferException($"A training goes on only with the images and options it began with; '{path}' is of {found}, received {identity}. Give the same ones, or another folder.");
            state.Read(reader);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or FormatException or ArgumentException)
        {
            throw new TransferException($"A kept training is whole; '{path}' is not ({error.Message}). Delete it, and the training begins anew.", error);
        }
    }
}
