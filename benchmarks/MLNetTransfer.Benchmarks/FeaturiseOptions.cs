namespace MLNetTransfer.Benchmarks;

/// <summary>What to featurise, with which network, how often.</summary>
internal sealed record FeaturiseOptions(string Backbone, IReadOnlyList<string> Data, int Repeat, string? Out)
{
    private const string Usage = "Usage: -- featurise [--backbone FILE] [--data DIR ...] [--repeat N] [--out FILE.md]";

    public static FeaturiseOptions Parse(IReadOnlyList<string> args)
    {
        var shared = Path.Combine(Repository(), "..", "shared");
        var (backbone, data, repeat, output) = (Path.Combine(shared, "models", "mobilenet-v2-1.0-224.onnx"), new List<string>(), 5, (string?)null);
        for (var i = 0; i < args.Count; i += 2)
        {
            if (i + 1 == args.Count)
                throw new TransferException($"Each option has a value; '{args[i]}' has none. {Usage}");
            switch (args[i])
            {
                case "--backbone": backbone = args[i + 1]; break;
                case "--data": data.Add(args[i + 1]); break;
                case "--out": output = args[i + 1]; break;
                case "--repeat" when int.TryParse(args[i + 1], out var times) && times >= 1: repeat = times; break;
                default: throw new TransferException($"Received '{args[i]} {args[i + 1]}'. {Usage}");
            }
        }
        if (data.Count == 0)
            data = [Path.Combine(shared, "data", "concrete-cracks"), Path.Combine(shared, "data", "ants-bees")];
        return new FeaturiseOptions(Path.GetFullPath(backbone), [.. data.Select(Path.GetFullPath)], repeat, output);
    }

    public static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MLNetTransfer.sln")))
            folder = folder.Parent ?? throw new TransferException("Run the benchmark inside the repository.");
        return folder.FullName;
    }
}
