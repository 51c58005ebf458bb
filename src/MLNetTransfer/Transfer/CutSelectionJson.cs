using System.Text.Json;
using System.Text.Json.Nodes;
using MLNetTransfer.Evaluation;

namespace MLNetTransfer.Transfer;

/// <summary>The JSON of the choice of a cut, the same in the model card and on the console.</summary>
public static class CutSelectionJson
{
    private const string Name = "cutSelection";

    /// <summary>Writes the property "cutSelection" into the open object: an array of name, dimensions, accuracy, interval, logLoss. Nothing for no cuts.</summary>
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<CutFigures> cuts)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(cuts);
        if (cuts.Count == 0)
            return;
        writer.WriteStartArray(Name);
        foreach (var cut in cuts)
        {
            writer.WriteStartObject();
            writer.WriteString("name", cut.Name);
            writer.WriteNumber("dimensions", cut.Dimensions);
            writer.WriteNumber("accuracy", cut.Accuracy);
            writer.WriteStartArray("interval");
            writer.WriteNumberValue(cut.Interval.Low);
            writer.WriteNumberValue(cut.Interval.High);
            writer.WriteEndArray();
            writer.WriteNumber("logLoss", cut.LogLoss);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    internal static IReadOnlyList<CutFigures> Read(JsonObject document) => [.. (document[Name]?.AsArray() ?? []).Select(cut => new CutFigures(
        cut!["name"]!.GetValue<string>(), cut["dimensions"]!.GetValue<int>(), cut["accuracy"]!.GetValue<double>(),
        new Interval(cut["interval"]![0]!.GetValue<double>(), cut["interval"]![1]!.GetValue<double>()), cut["logLoss"]!.GetValue<double>()))];
}
