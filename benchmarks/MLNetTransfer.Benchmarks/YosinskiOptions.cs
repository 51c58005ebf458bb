using System.Globalization;
using MLNetTransfer.Benchmarks.Transferability;

namespace MLNetTransfer.Benchmarks;

/// <summary>Which splits to train, how, and where results and weights are kept.</summary>
internal sealed record YosinskiOptions(Similarity[] Similarities, int[] Seeds, TrainingPlan Plan, string Results, string Networks, string? Report)
{
    private const string Usage = "Usage: -- yosinski --results FILE.csv --networks DIR [--similarity Similar|Dissimilar] [--seeds 1,2] [--classes N] [--images N] [--epochs N] [--width N], " +
        "or -- yosinski --results FILE.csv --report FILE.md";

    public static YosinskiOptions Parse(IReadOnlyList<string> args)
    {
        var options = new YosinskiOptions([Similarity.Similar, Similarity.Dissimilar], [1, 2], new TrainingPlan(), "", "", null);
        for (var i = 0; i < args.Count; i += 2)
        {
            var value = i + 1 < args.Count ? args[i + 1] : throw new TransferException($"Each option has a value; '{args[i]}' has none. {Usage}");
            options = args[i] switch
            {
                "--results" => options with { Results = Path.GetFullPath(value) },
                "--networks" => options with { Networks = Path.GetFullPath(value) },
                "--report" => options with { Report = Path.GetFullPath(value) },
                "--similarity" when Enum.TryParse<Similarity>(value, ignoreCase: true, out var similarity) => options with { Similarities = [similarity] },
                "--seeds" => options with { Seeds = [.. value.Split(',').Select(Number)] },
                "--classes" => options with { Plan = options.Plan with { Classes = Number(value) } },
                "--images" => options with { Plan = options.Plan with { Images = Number(value) } },
                "--epochs" => options with { Plan = options.Plan with { Epochs = Number(value) } },
                "--width" => options with { Plan = options.Plan with { Width = Number(value) } },
                _ => throw new TransferException($"Received '{args[i]} {value}'. {Usage}"),
            };
        }

        return options.Results.Length > 0 && (options.Networks.Length > 0 || options.Report is not null)
            ? options
            : throw new TransferException($"The results file, and the folder of the networks or the report, are named. {Usage}");

        static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new TransferException($"Seeds, classes, images, epochs and width are whole numbers above 0; received '{text}'. {Usage}");
    }
}
