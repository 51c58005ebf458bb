using System.Text.Json;
using MLNetTransfer.Images;

namespace MLNetTransfer.Backbones;

/// <summary>
/// What an ONNX file does not say about a backbone: FILE.json beside FILE.onnx. In JSON the properties have the same names in camel case;
/// unknown, duplicate and missing ones are errors.
/// </summary>
public sealed class BackboneDescription
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
    };

    /// <summary>What the backbone is called.</summary>
    public required string Name { get; init; }

    /// <summary>The licence of its weights, such as an SPDX identifier. Default: "not stated".</summary>
    public string Licence { get; init; } = Backbone.NoLicence;

    /// <summary>The SHA-256 of the ONNX file in hexadecimal; the file must match it. Default: none, the file is taken as it is.</summary>
    public string? Sha256 { get; init; }

    /// <summary>How a picture becomes the tensor the network was trained on.</summary>
    public required Preprocessing Preprocessing { get; init; }

    /// <summary>Where it can be cut, from input to output. Default: after every layer that the whole network passes through, see <see cref="Backbone.Cuts"/>.</summary>
    public IReadOnlyList<CutDescription> Cuts { get; init; } = [];

    /// <summary>The name of the cut that "last" means. Default: the last of <see cref="Cuts"/>, or the features that feed the classifier.</summary>
    public string? DefaultCut { get; init; }

    /// <summary>The text of a description file: indented, '\n' at the ends of lines.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";

    /// <summary>Reads the text of a description file.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">What to call it in messages, usually its path.</param>
    /// <exception cref="TransferException">It is not a valid description; the message says where.</exception>
    public static BackboneDescription FromJson(string json, string source)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            var description = JsonSerializer.Deserialize<BackboneDescription>(json, Json) ?? throw new JsonException("It is null.");
            description.Check(source);
            return description;
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            throw Invalid(source, error.Message, error);
        }
    }

    /// <summary>Checks what the types leave open.</summary>
    /// <exception cref="TransferException">A rule is broken.</exception>
    internal void Check(string source)
    {
        if (string.IsNullOrWhiteSpace(Name))
            throw Invalid(source, "the name is empty.");
        foreach (var cut in Cuts)
        {
            if (cut is null || string.IsNullOrWhiteSpace(cut.Name) || cut.Name is Cut.Last or Cut.Auto)
                throw Invalid(source, $"a cut has a name other than 'last' and 'auto'; received '{cut?.Name}'.");
            if (cut.Tensors.Count == 0 || cut.Tensors.Any(string.IsNullOrEmpty) || cut.Tensors.Distinct().Count() != cut.Tensors.Count)
                throw Invalid(source, $"a cut names one or more different tensors; '{cut.Name}' received [{string.Join(", ", cut.Tensors)}].");
            if (Cuts.Count(other => other?.Name == cut.Name) > 1)
                throw Invalid(source, $"the names of cuts differ; '{cut.Name}' is used twice.");
        }
        if (DefaultCut is not null && Cuts.All(cut => cut.Name != DefaultCut))
            throw Invalid(source, $"the defaultCut is one of the cuts [{string.Join(", ", Cuts.Select(cut => cut.Name))}]; received '{DefaultCut}'.");
    }

    private static TransferException Invalid(string source, string received, Exception? cause = null)
    {
        var message = "A backbone's description is a JSON object with name and preprocessing, and optionally licence, sha256, cuts and defaultCut; " +
            $"in '{source}': {received}";
        return cause is null ? new(message) : new(message, cause);
    }
}
