using System.Diagnostics;
using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;

namespace MLNetTransfer.Benchmarks;

/// <summary>Images/s of featurising the same files in turns: this library, stock ML.NET, and what decoding and ONNX Runtime allow on the same cores.</summary>
internal sealed record FeaturiseRounds(double[] Ours, double[] Stock, double[] Decode, double[] Inference)
{
    /// <summary>The limit of the machine: the two one after the other on the same cores.</summary>
    public double[] Limit => [.. Decode.Zip(Inference, (a, b) => 1 / ((1 / a) + (1 / b)))];

    public double[] OursToStock => Ratios(Ours, Stock);

    public double[] OursToLimit => Ratios(Ours, Limit);

    public static FeaturiseRounds Measure(BackboneCut cut, BottleneckExtractor extractor, StockPipeline stock, IReadOnlyList<string> files, int repeat)
    {
        var rounds = new FeaturiseRounds(new double[repeat], new double[repeat], new double[repeat], new double[repeat]);
        for (var i = 0; i < repeat; i++)
        {
            rounds.Ours[i] = Speed(files.Count, () => extractor.Extract(files).Features.Rows);
            rounds.Stock[i] = Speed(files.Count, () => stock.Featurise(files).Count);
            rounds.Decode[i] = MachineLimits.Decode(files, cut.Backbone.Preprocessing);
            // Enough runs to be measured, however few the files.
            rounds.Inference[i] = MachineLimits.Inference(cut, Math.Max(files.Count, 40));
        }
        return rounds;
    }

    public static double Speed(int images, Func<int> featurise)
    {
        var started = Stopwatch.GetTimestamp();
        var rows = featurise();
        var elapsed = Stopwatch.GetElapsedTime(started);
        return rows == images ? images / elapsed.TotalSeconds : throw new TransferException($"Expected {images} rows; received {rows}.");
    }

    public static double[] Ratios(double[] numerators, double[] denominators) => [.. numerators.Zip(denominators, (a, b) => a / b)];

    public void Print(Action<string> line)
    {
        line($"| images/s, {Ours.Length} rounds in turns | min | median | max |");
        line("| --- | ---: | ---: | ---: |");
        line(BenchmarkReport.Row("MLNetTransfer BottleneckExtractor", Ours, "0.0"));
        line(BenchmarkReport.Row("ML.NET LoadImages, ResizeImages, ExtractPixels, ApplyOnnxModel", Stock, "0.0"));
        line(BenchmarkReport.Row("ratio within a round", OursToStock, "0.00"));
        line(BenchmarkReport.Row("decoding alone", Decode, "0.0"));
        line(BenchmarkReport.Row("ONNX Runtime alone, tensors in memory", Inference, "0.0"));
        line(BenchmarkReport.Row("limit: the two after each other on the same cores", Limit, "0.0"));
        line(BenchmarkReport.Row("MLNetTransfer / limit", OursToLimit, "0.00"));
        line(BenchmarkReport.Row("limit / ML.NET: the most to be gained with this decoder and runtime", Ratios(Limit, Stock), "0.00"));
    }
}
