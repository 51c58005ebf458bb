using System.Globalization;
using System.Text.Json;
using MLNetTransfer.Backbones;
using MLNetTransfer.Transfer;
using Spectre.Console;

namespace MLNetTransfer.Cli;

/// <summary>What a quantised network costs and brings, for people and for scripts.</summary>
internal static class QuantizationTable
{
    private const double Megabyte = 1e6;

    public static void Print(Terminal terminal, Backbone original, QuantizationVerdict verdict, string path)
    {
        var quantised = verdict.Quantized;
        terminal.Print(Text($"{original.Name} cut at {verdict.Cut}: scales from {quantised.Images} images, measured on {verdict.Images}."));
        terminal.Print(Text($"{quantised.Convolutions - quantised.FloatConvolutions} of {quantised.Convolutions} convolutions compute with 8-bit integers."));
        var table = new Table().Border(TableBorder.Simple).AddColumn("");
        foreach (var column in new[] { "float", "int8", "int8 against float" })
            table.AddColumn(new TableColumn(column).RightAligned());
        if (verdict.Difference is { } difference)
        {
            table.AddRow("[bold]accuracy[/]", Text($"{verdict.FloatAccuracy:0.000}"), Text($"[bold]{verdict.QuantizedAccuracy:0.000}[/]"), Text($"{100 * difference.Value:+0.0;-0.0;0.0} points"));
            table.AddRow("95 % interval", "", "", Text($"{100 * difference.Low:+0.0;-0.0;0.0} to {100 * difference.High:+0.0;-0.0;0.0}"));
        }

        table.AddRow("[bold]images/s[/], no decoding", Text($"{verdict.FloatSpeed:0}"), Text($"[bold]{verdict.QuantizedSpeed:0}[/]"), Text($"{verdict.SpeedRatio:0.00} x"));
        table.AddRow("megabytes", Text($"{Size(original, verdict) / Megabyte:0.0}"), Text($"{quantised.Onnx.Length / Megabyte:0.0}"), Text($"{quantised.Onnx.Length / Size(original, verdict):0.00} x"));
        table.AddRow("cosine of features, median", "", "", Text($"{verdict.MedianSimilarity:0.0000}"));
        table.AddRow("cosine of features, least", "", "", Text($"{verdict.LeastSimilarity:0.0000}"));
        table.AddRow("signal to noise of features", "", "", Text($"{quantised.SignalToNoise:0.0} dB"));
        terminal.Output.Write(table);
        if (verdict.Difference is null)
            terminal.Print("Accuracy unknown: the photos have no two classes.");
        if (!verdict.IsAcceptable)
            return;
        terminal.Print($"Backbone     {path}");
        terminal.Print($"Description  {Backbones.Quantization.QuantizedBackbone.DescriptionPathOf(path)}");
    }

    public static void WriteJson(Utf8JsonWriter writer, Backbone original, QuantizationVerdict verdict, string path)
    {
        var quantised = verdict.Quantized;
        writer.WriteString("backbone", original.Name);
        writer.WriteString("cut", verdict.Cut);
        writer.WriteBoolean("offered", verdict.IsAcceptable);
        writer.WriteString("out", verdict.IsAcceptable ? path : null);
        writer.WriteNumber("images", verdict.Images);
        writer.WriteNumber("calibrationImages", quantised.Images);
        writer.WriteNumber("convolutions", quantised.Convolutions);
        writer.WriteNumber("floatConvolutions", quantised.FloatConvolutions);
        writer.WriteStartObject("accuracy");
        WriteNumber(writer, "float", verdict.FloatAccuracy);
        WriteNumber(writer, "int8", verdict.QuantizedAccuracy);
        WriteNumber(writer, "difference", verdict.Difference?.Value);
        writer.WriteStartArray("interval");
        if (verdict.Difference is { } difference)
        {
            writer.WriteNumberValue(difference.Low);
            writer.WriteNumberValue(difference.High);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        WriteObject(writer, "imagesPerSecond", ("float", verdict.FloatSpeed), ("int8", verdict.QuantizedSpeed), ("ratio", verdict.SpeedRatio));
        WriteObject(writer, "bytes", ("float", Size(original, verdict)), ("int8", quantised.Onnx.Length));
        WriteObject(writer, "similarity", ("median", verdict.MedianSimilarity), ("least", verdict.LeastSimilarity));
        writer.WriteNumber("signalToNoise", quantised.SignalToNoise);
        EvaluationTable.WriteSkipped(writer, verdict.Skipped);
    }

    /// <summary>Why a network was refused, and what to do.</summary>
    public static string Reason(QuantizationVerdict verdict) => verdict.Difference is { } difference
        ? Text($"it may cost {100 * QuantizationVerdict.MostLoss:0.0} points of accuracy at most; it costs {-100 * difference.Value:0.0}. ")
            + "Give other or more photos to settle the scales (--images, --seed), another cut, or keep the float network."
        : Text($"features keep {QuantizationVerdict.LeastSignalToNoise:0} dB of signal to noise or more where accuracy is unknown; these keep {verdict.Quantized.SignalToNoise:0.0}. ")
            + "Give photos with classes, so that accuracy can tell, or keep the float network.";

    private static double Size(Backbone original, QuantizationVerdict verdict) => original.CutAt(original.FindCut(verdict.Cut)).Onnx.Length;

    private static void WriteObject(Utf8JsonWriter writer, string name, params ReadOnlySpan<(string Name, double Value)> members)
    {
        writer.WriteStartObject(name);
        foreach (var (member, value) in members)
            writer.WriteNumber(member, value);
        writer.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number)
            writer.WriteNumber(name, number);
        else
            writer.WriteNull(name);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
