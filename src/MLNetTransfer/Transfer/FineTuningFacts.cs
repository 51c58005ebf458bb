using System.Text.Json;
using System.Text.Json.Nodes;

namespace MLNetTransfer.Transfer;

/// <summary>How the layers between a cut and the head of a model were trained. The backbone of its card is the one they came from.</summary>
/// <param name="From">The cut above which layers were trained, or "image" for all of them.</param>
/// <param name="Weights">The number of weights trained, those of the output layer included.</param>
/// <param name="HiddenUnits">The units of a hidden layer in the head; 0 for none.</param>
/// <param name="Epochs">How often every image was learnt from.</param>
/// <param name="LearningRate">The peak learning rate.</param>
/// <param name="Settings">The other settings, in words.</param>
/// <param name="Validation">How the validation was made, in words.</param>
public sealed record FineTuningFacts(string From, long Weights, int HiddenUnits, int Epochs, double LearningRate, string Settings, string Validation)
{
    private const string Name = "fineTuning";

    internal void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject(Name);
        writer.WriteString("from", From);
        writer.WriteNumber("weights", Weights);
        writer.WriteNumber("hiddenUnits", HiddenUnits);
        writer.WriteNumber("epochs", Epochs);
        writer.WriteNumber("learningRate", LearningRate);
        writer.WriteString("settings", Settings);
        writer.WriteString("validation", Validation);
        writer.WriteEndObject();
    }

    internal static FineTuningFacts? Read(JsonObject card) => card[Name] is not JsonObject found
        ? null
        : new FineTuningFacts(found["from"]!.GetValue<string>(), found["weights"]!.GetValue<long>(), found["hiddenUnits"]!.GetValue<int>(), found["epochs"]!.GetValue<int>(),
            found["learningRate"]!.GetValue<double>(), found["settings"]!.GetValue<string>(), found["validation"]!.GetValue<string>());
}
