using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MLNetTransfer.Transfer;
using Spectre.Console;

namespace MLNetTransfer.Cli;

/// <summary>
/// The two streams of the console: results on one, progress and messages on the other. Lines are never broken here (a terminal breaks them
/// itself), so that a path can be copied and a script reads whole lines.
/// </summary>
internal sealed class Terminal(TextWriter output, TextWriter error)
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly IAnsiConsole _messages = ConsoleOn(error);

    /// <summary>Results as tables, for people.</summary>
    public IAnsiConsole Output { get; } = ConsoleOn(output);

    /// <summary>Prints one JSON document.</summary>
    public void WriteJson(Action<Utf8JsonWriter> write) => output.Write(ToJson(write, Indented) + "\n");

    /// <summary>Prints one JSON document on one line.</summary>
    public void WriteJsonLine(Action<Utf8JsonWriter> write) => output.Write(ToJson(write, Indented with { Indented = false }) + "\n");

    /// <summary>Prints a line of the result.</summary>
    public void Print(string line) => output.WriteLine(line);

    /// <summary>Says why nothing was done.</summary>
    public void Fail(string message)
    {
        _messages.Markup("[red]error:[/] ");
        error.WriteLine(message);
    }

    /// <summary>Says something on the way.</summary>
    public void Say(string message) => error.WriteLine(message);

    /// <summary>Names the images that were left out.</summary>
    public void ListSkipped(IReadOnlyList<SkippedImage> skipped)
    {
        foreach (var image in skipped)
        {
            _messages.Markup("[yellow]skipped:[/] ");
            error.WriteLine($"'{image.Path}' {image.Reason}");
        }
    }

    /// <summary>Shows progress bars, one a stage, while the work runs; only where somebody is watching.</summary>
    public T WithProgress<T>(Func<IProgress<TransferProgress>, T> work)
    {
        if (!_messages.Profile.Capabilities.Interactive || !_messages.Profile.Out.IsTerminal)
            return work(new Silence());
        return _messages.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(bars => work(new Bars(bars)));
    }

    /// <summary>Shows one bar of a known length while the work runs.</summary>
    public T WithProgress<T>(string stage, int total, Func<IProgress<int>, T> work) => WithProgress(bars => work(new Stage(bars, stage, total)));

    private static IAnsiConsole ConsoleOn(TextWriter writer)
    {
        var target = new AnsiConsoleOutput(writer);
        if (target.IsTerminal)
            return AnsiConsole.Create(new AnsiConsoleSettings { Out = target });
        // Files and pipes get plain text, also where a build server's environment asks for colours, and tables as wide as they need.
        var plain = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = target,
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        plain.Profile.Width = 10_000;
        return plain;
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
            // A stage of one step has no middle to show.
            task.IsIndeterminate = value is { Done: 0, Total: 1 };
            task.Value = value.Done;
        }
    }
}
