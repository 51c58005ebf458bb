using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.OnnxRuntime;

namespace MLNetTransfer.Benchmarks;

/// <summary>What benchmarks find: text as it comes, and beside it the rows that this project promises, each with what it must reach.</summary>
internal sealed class BenchmarkReport(TextWriter output)
{
    private readonly StringBuilder _text = new();
    private readonly List<string> _promises = [];

    /// <summary>Prints a line of Markdown.</summary>
    public void Line(string line = "")
    {
        output.WriteLine(line);
        _text.Append(line).Append('\n');
    }

    /// <summary>Records a promised row: the median of ratios that were taken within rounds.</summary>
    /// <param name="row">What is compared.</param>
    /// <param name="bound">What it must reach.</param>
    /// <param name="isMost">Whether the bound is the most, not the least.</param>
    /// <param name="ratios">One a round.</param>
    public void Promise(string row, double bound, bool isMost, params double[] ratios)
    {
        var median = Median(ratios);
        var verdict = (isMost ? median <= bound : median >= bound) ? "reached" : "**not reached**";
        _promises.Add(string.Create(CultureInfo.InvariantCulture,
            $"| {row} | {(isMost ? "at most" : "at least")} {bound:0.0#} | {ratios.Min():0.00} | {median:0.00} | {ratios.Max():0.00} | {verdict} |"));
    }

    /// <summary>Records why a promised row was not measured.</summary>
    public void Skip(string row, string reason)
    {
        Line($"Skipped: {row}: {reason}.");
        Line();
        _promises.Add($"| {row} | | | | | skipped: {reason} |");
    }

    /// <summary>Runs a benchmark that prints tables of its own, and finds the promised rows in what it printed.</summary>
    /// <param name="benchmark">The benchmark.</param>
    /// <param name="promises">How the line of a row starts, which of its cells hold minimum, median and maximum, and what it must reach.</param>
    public void Include(Func<TextWriter, int> benchmark, params (string Start, Range Cells, string Row, double Bound, bool IsMost)[] promises)
    {
        using var text = new StringWriter { NewLine = "\n" };
        benchmark(text);
        var lines = text.ToString().TrimEnd('\n').Split('\n');
        foreach (var line in lines)
            Line(line);
        Line();
        foreach (var (start, cells, row, bound, isMost) in promises)
            if (Array.Find(lines, line => line.StartsWith(start, StringComparison.Ordinal)) is { } found && Numbers(found.Split('|')[cells]) is { Length: > 0 } values)
                Promise(row, bound, isMost, values);
            else
                Skip(row, "it was not measured here");
    }

    /// <summary>The promised rows as a table; nothing when there are none.</summary>
    public string Promises() => _promises.Count == 0 ? ""
        : "| row | promised | min | median | max | |\n| --- | --- | ---: | ---: | ---: | --- |\n" + string.Concat(_promises.Select(row => row + "\n")) + "\n";

    /// <summary>Writes everything as one Markdown file, the machine and the promised rows first.</summary>
    public void Save(string path)
    {
        File.WriteAllText(path + ".tmp", $"# What the benchmark project measured\n\n{Machine()}\n\n{Promises()}{_text}");
        File.Move(path + ".tmp", path, overwrite: true);
    }

    /// <summary>What the figures were taken on.</summary>
    public static string Machine()
    {
        const string CpuInfo = "/proc/cpuinfo";
        var model = File.Exists(CpuInfo) ? File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() : null;
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30);
        var runtime = typeof(InferenceSession).Assembly.GetName().Version;
        return string.Create(CultureInfo.InvariantCulture,
            $"{model ?? RuntimeInformation.ProcessArchitecture.ToString()}, {Environment.ProcessorCount} cores, {memory:0} GiB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, ONNX Runtime {runtime?.ToString(3)}.");
    }

    /// <summary>A row of a table: minimum, median, maximum.</summary>
    public static string Row(string name, double[] values, string format) => string.Create(CultureInfo.InvariantCulture,
        $"| {name} | {values.Min().ToString(format, CultureInfo.InvariantCulture)} | {Median(values).ToString(format, CultureInfo.InvariantCulture)} | {values.Max().ToString(format, CultureInfo.InvariantCulture)} |");

    /// <summary>The numbers of cells, each one number or several between slashes; none when a cell holds something else.</summary>
    private static double[] Numbers(string[] cells)
    {
        var numbers = new List<double>();
        foreach (var text in cells.SelectMany(cell => cell.Split('/')))
            if (double.TryParse(text.Trim(), CultureInfo.InvariantCulture, out var number))
                numbers.Add(number);
            else
                return [];
        return [.. numbers];
    }

    public static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
