using System.Text;

namespace MLNetTransfer.Benchmarks.Transferability;

/// <summary>Finished networks, one line each. Several processes may add to one file; a line that a killed one left half-written counts for nothing.</summary>
internal sealed class ResultsFile(string path)
{
    /// <summary>The networks that are finished under a plan, or under any.</summary>
    public IReadOnlyList<NetworkResult> Read(string? plan = null)
    {
        if (!File.Exists(path))
            return [];
        using var file = Open();
        return [.. Whole(file).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(NetworkResult.Parse).Where(result => plan is null || result.Plan == plan)];
    }

    /// <summary>Adds a network.</summary>
    public void Add(NetworkResult result)
    {
        using var file = Open();
        var whole = Whole(file);
        file.SetLength(Encoding.UTF8.GetByteCount(whole));
        file.Seek(0, SeekOrigin.End);
        file.Write(Encoding.UTF8.GetBytes((whole.Length == 0 ? NetworkResult.Header + "\n" : "") + result.ToLine() + "\n"));
    }

    /// <summary>The lines that have an end.</summary>
    private static string Whole(FileStream file)
    {
        using var reader = new StreamReader(file, Encoding.UTF8, leaveOpen: true);
        var text = reader.ReadToEnd();
        return text[..(text.LastIndexOf('\n') + 1)];
    }

    /// <summary>The file for one process at a time, after ten seconds' patience.</summary>
    private FileStream Open()
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < 500)
            {
                Thread.Sleep(20);
            }
        }
    }
}
