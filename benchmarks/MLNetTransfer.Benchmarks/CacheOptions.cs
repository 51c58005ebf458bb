namespace MLNetTransfer.Benchmarks;

/// <summary>The options that <c>retrain</c> and <c>scale</c> share.</summary>
internal sealed record CacheOptions(string Backbone, string Cut, string Data, int Images, int Width, int Height, int Repeat)
{
    /// <summary>Reads the options of a command line over the defaults given.</summary>
    public static CacheOptions Parse(IReadOnlyList<string> args, CacheOptions defaults)
    {
        const string Usage = "Options: [--backbone FILE|embedded] [--cut NAME] [--data DIR] [--images N] [--width N] [--height N] [--repeat N]";
        var options = defaults;
        for (var i = 0; i < args.Count; i += 2)
            options = (args[i], args.ElementAtOrDefault(i + 1)) switch
            {
                ("--backbone", { } file) => options with { Backbone = file },
                ("--cut", { } cut) => options with { Cut = cut },
                ("--data", { } folder) => options with { Data = folder },
                ("--images", { } text) => options with { Images = Number(text) },
                ("--width", { } text) => options with { Width = Number(text) },
                ("--height", { } text) => options with { Height = Number(text) },
                ("--repeat", { } text) => options with { Repeat = Number(text) },
                _ => throw new TransferException($"Received '{args[i]}'. {Usage}"),
            };
        return options;

        static int Number(string text) => int.TryParse(text, out var number) && number > 0 ? number : throw new TransferException($"Expected a number of 1 or more; received '{text}'. {Usage}");
    }

    public Backbones.Backbone Load() => Backbone == "embedded" ? Backbones.Backbone.Embedded : Backbones.Backbone.Load(Backbone);

    /// <summary>Says what is missing on this machine; false when nothing is.</summary>
    public bool IsSkipped(TextWriter output)
    {
        var missing = new[] { Backbone, Data }.FirstOrDefault(path => path != "embedded" && !File.Exists(path) && !Directory.Exists(path));
        if (missing is not null)
            output.WriteLine($"Skipped: '{missing}' is not on this machine. Name other data with --backbone and --data.");
        return missing is not null;
    }

    /// <summary>A row of a table: minimum, median, maximum.</summary>
    public static string Row(string name, IEnumerable<double> values, string format)
    {
        var sorted = values.Order().ToArray();
        var median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        return FormattableString.Invariant($"| {name} | {sorted[0].ToString(format)} | {median.ToString(format)} | {sorted[^1].ToString(format)} |");
    }
}
