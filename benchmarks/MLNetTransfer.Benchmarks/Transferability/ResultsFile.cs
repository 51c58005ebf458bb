namespace MLNetTransfer.Benchmarks.Transferability;

/// <summary>Finished networks, one line each. Several processes may add to one file; what a killed one left half-written never shows.</summary>
internal sealed class ResultsFile(string path)
{
    /// <summary>The networks that are finished under a plan, or under any.</summary>
    public IReadOnlyList<NetworkResult> Read(string? plan = null) =>
        !File.Exists(path) ? [] : [.. File.ReadLines(path).Skip(1).Select(NetworkResult.Parse).Where(result => plan is null || result.Plan == plan)];

    /// <summary>Adds a network.</summary>
    public void Add(NetworkResult result)
    {
        using var only = Lock();
        var lines = File.Exists(path) ? File.ReadAllText(path) : NetworkResult.Header + "\n";
        File.WriteAllText(path + ".tmp", lines + result.ToLine() + "\n");
        File.Move(path + ".tmp", path, overwrite: true);
    }

    private FileStream Lock()
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (attempt < 500)
            {
                Thread.Sleep(20);
            }
        }
    }
}
