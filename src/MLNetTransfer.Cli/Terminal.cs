using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MLNetTransfer.Transfer;
using Spectre.Console;

namespace MLNetTransfer.Cli;

/// <summary>The two streams of the console: results on one, progress and messages on the other.</summary>
internal sealed class Terminal(TextWriter output, TextWriter error)
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Results, for people.</summary>
    public IAnsiConsole Output { get; } = ConsoleOn(output);

    /// <summary>Progress and messages.</summary>
    public IAnsiConsole Messages { get; } = ConsoleOn(error);

    /// <summary>Prints one JSON document.</summary>
    public void WriteJson(Action<Utf8JsonWriter> write) => output.Write(ToJson(write, Indented) + "\n");

    /// <summary>Prints one JSON document on one line.</summary>
    public void WriteJsonLine(Action<Utf8JsonWriter> write) => output.Write(ToJson(write, Indented with { Indented = false }) + "\n");

    /// <summary>Prints a line of the result.</summary>
    public void Print(string line) => Output.MarkupLineInterpolated($"{line}");

    /// <summary>Says why nothing was done.</summary>
    public void Fail(string message) => Messages.MarkupLineInterpolated($"[red]error:[/] {message}");

    /// <summary>Says something on the way.</summary>
    public void Say(string message) => Messages.MarkupLineInterpolated($"{message}");

    /// <summary>Names the images that were left out.</summary>
    public void ListSkipped(IReadOnlyList<SkippedImage> skipped)
    {
        foreach (var image in skipped)
            Messages.MarkupLineInterpolated($"[yellow]skipped:[/] '{image.Path}' {image.Reason}");
    }

    /// <summary>Shows progress bars, one a stage, while the work runs; only where somebody is watching.</summary>
    public T WithProgress<T>(Func<IProgress<TransferProgress>, T> work)
    {
        if (!Messages.Profile.Capabilities.Interactive || !Messages.Profile.Out.IsTerminal)
            return work(new Silence());
        return Messages.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(bars => work(new Bars(bars)));
    }

    /// <summary>Shows one bar of a known length while the work runs.</summary>
    public T WithProgress<T>(string stage, int total, Func<IProgress<int>, T> work) => WithProgress(bars => work(new Stage(bars, stage, total)));

    private static IAnsiConsole ConsoleOn(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        // Redirected output is not wrapped: scripts read whole lines.
        if (!console.Profile.Out.IsTerminal)
            console.Profile.Width = 10_000;
        return console;
    }

    private static string ToJson(Action<Utf8JsonWriter> write, JsonWriterOptions options)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, options))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private sealed class Stage(IProgress<TransferProgress> bars, string stage, int total) : IProgress<int>
    {
        public void Report(int value) => bars.Report(new TransferProgress(stage, value, total));
    }

    private sealed class Silence : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) { }
    }

    private sealed class Bars(ProgressContext context) : IProgress<TransferProgress>
    {
        private readonly Dictionary<string, ProgressTask> _tasks = [];

        public void Report(TransferProgress value)
        {
            if (!_tasks.TryGetValue(value.Stage, out var task))
                _tasks.Add(value.Stage, task = context.AddTask(value.Stage, maxValue: Math.Max(1, value.Total)));
            task.Value = value.Done;
        }
    }
}
