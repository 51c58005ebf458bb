using System.Text.Json;
using System.Text.Json.Nodes;

namespace MLNetTransfer.Transfer;

/// <summary>How a head was adapted to a target without labels, or with a few. The training images of its card are those of the source.</summary>
/// <param name="Method">The name of the method; "none" for the source's classifier as it is.</param>
/// <param name="Settings">The method with its hyper-parameters, in words.</param>
/// <param name="Scorer">The name of what chose without target labels; null where nothing was chosen.</param>
/// <param name="Chosen">How method and hyper-parameters came to be, in words.</param>
/// <param name="SourceImages">The number of labelled images of the source.</param>
/// <param name="TargetImages">The number of unlabelled images of the target.</param>
/// <param name="Shots">The number of labelled images of the target; 0 for none.</param>
/// <param name="Validation">How the validation was made, in words.</param>
public sealed record AdaptationFacts(
    string Method, string Settings, string? Scorer, string Chosen, int SourceImages, int TargetImages, int Shots, string Validation)
{
    private const string Name = "adaptation";

    internal void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject(Name);
        writer.WriteString("method", Method);
        writer.WriteString("settings", Settings);
        writer.WriteString("scorer", Scorer);
        writer.WriteString("chosen", Chosen);
        writer.WriteNumber("sourceImages", SourceImages);
        writer.WriteNumber("targetImages", TargetImages);
        writer.WriteNumber("shots", Shots);
        writer.WriteString("validation", Validation);
        writer.WriteEndObject();
    }

    internal static AdaptationFacts? Read(JsonObject card) => card[Name] is not JsonObject found
        ? null
        : new AdaptationFacts(found["method"]!.GetValue<string>(), found["settings"]!.GetValue<string>(), found["scorer"]?.GetValue<string>(), found["chosen"]!.GetValue<string>(),
            found["sourceImages"]!.GetValue<int>(), found["targetImages"]!.GetValue<int>(), found["shots"]!.GetValue<int>(), found["validation"]!.GetValue<string>());
}
