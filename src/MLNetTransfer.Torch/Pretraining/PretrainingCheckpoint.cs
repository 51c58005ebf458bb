using System.Security.Cryptography;
using MLNetTransfer.Backbones.Onnx;
using TorchSharp.Modules;

namespace MLNetTransfer.Torch.Pretraining;

/// <summary>
/// A pretraining run on disk: the SHA-256 of the rest, what the run was asked, how far it is, weights, statistics and the state of the
/// optimizer.
/// </summary>
internal static class PretrainingCheckpoint
{
    /// <summary>Writes the run beside the old checkpoint and then puts it in its place.</summary>
    public static void Save(string path, PretrainingOptions options, ResidualNetwork network, OptimizerHelper optimizer, long step)
    {
        using var run = new MemoryStream();
        using var writer = new BinaryWriter(run);
        writer.Write(Identity(options));
        writer.Write(step);
        network.save(writer);
        optimizer.save_state_dict(writer);
        writer.Flush();
        var bytes = run.ToArray();
        File.WriteAllBytes(path + ".tmp", [.. SHA256.HashData(bytes), .. bytes]);
        File.Move(path + ".tmp", path, overwrite: true);
    }

    /// <summary>Restores a run into the network and the optimizer.</summary>
    /// <returns>The steps done; 0 when there is no checkpoint.</returns>
    /// <exception cref="TransferException">The checkpoint belongs to other options or is damaged.</exception>
    public static long Load(string path, PretrainingOptions options, ResidualNetwork network, OptimizerHelper optimizer)
    {
        if (!File.Exists(path))
            return 0;
        try
        {
            var saved = File.ReadAllBytes(path);
            if (saved.Length < SHA256.HashSizeInBytes || !SHA256.HashData(saved.AsSpan(SHA256.HashSizeInBytes)).AsSpan().SequenceEqual(saved.AsSpan(0, SHA256.HashSizeInBytes)))
                throw new InvalidDataException("its bytes do not match its checksum");
            using var reader = new BinaryReader(new MemoryStream(saved, SHA256.HashSizeInBytes, saved.Length - SHA256.HashSizeInBytes));
            var identity = reader.ReadString();
            if (identity != Identity(options))
            {
                throw new TransferException($"A run goes on only with the options it began with; the checkpoint '{path}' has {identity}, received {Identity(options)}. " +
                    "Give the same options, or another checkpoint file.");
            }

            var step = reader.ReadInt64();
            network.load(reader);
            optimizer.load_state_dict(reader);
            return step;
        }
        catch (Exception exception) when (exception is not (TransferException or UnauthorizedAccessException or OutOfMemoryException))
        {
            throw new TransferException($"The checkpoint '{path}' is damaged ({exception.Message}). Delete it and start the run again.", exception);
        }
    }

    private static string Identity(PretrainingOptions options) => FormattableString.Invariant(
        $"seed {options.Seed}, images {options.Images}, things {options.Things}, start {Start(options.From)}, batch {options.BatchSize}, side {options.Side}, rate {options.LearningRate}, warm-up {options.WarmUp}, decay {options.WeightDecay}, bfloat16 {options.BFloat16}, threads {options.Threads}");

    private static string Start(string? backbone) => backbone is null ? "random" : Convert.ToHexStringLower(SHA256.HashData(OnnxFile.ReadBytes(backbone)));
}
