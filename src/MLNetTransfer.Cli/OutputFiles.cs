namespace MLNetTransfer.Cli;

/// <summary>The files a command writes: checked before any work, complete or not there at all.</summary>
internal static class OutputFiles
{
    /// <summary>Checks that every file can be written, so that no run ends in an error after all is done.</summary>
    /// <param name="inputs">What the command reads: never overwritten. Null for options that were left out.</param>
    /// <param name="outputs">What it writes: all different. Null for options that were left out.</param>
    /// <exception cref="TransferException">A file cannot be written, or would overwrite another one of the command.</exception>
    public static void Require(IEnumerable<string?> inputs, params IEnumerable<string?> outputs)
    {
        var read = inputs.OfType<string>().Select(Path.GetFullPath).ToHashSet(StringComparer.Ordinal);
        var written = new HashSet<string>(StringComparer.Ordinal);
        foreach (var output in outputs.OfType<string>())
        {
            RequireWritable(output);
            var full = Path.GetFullPath(output);
            if (read.Contains(full))
                throw new TransferException($"Results overwrite nothing that the command reads; '{output}' is one of its inputs. Choose another name.");
            if (!written.Add(full))
                throw new TransferException($"Each result has a file of its own; '{output}' would hold two. Choose another name.");
        }
    }

    /// <summary>Writes a file under a temporary name and moves it into place.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = File.Create(temporary))
                write(stream);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
        }
    }

    private static void RequireWritable(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (Directory.Exists(path) || folder is null)
            throw new TransferException($"Results are written to a file; '{path}' is a folder. Name a file in it.");
        if (!Directory.Exists(folder))
            throw new TransferException(
                $"Results are written into an existing folder; '{folder}' is none. Create it, or choose another file than '{path}'.");
        var probe = Path.Combine(folder, $".{Guid.NewGuid():N}");
        try
        {
            using (File.Create(probe, 1, FileOptions.DeleteOnClose))
            {
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new TransferException($"Results are written to '{path}'; its folder takes no file: {fault.Message} Choose another folder.", fault);
        }
    }
}
