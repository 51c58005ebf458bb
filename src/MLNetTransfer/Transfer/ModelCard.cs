using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using MLNetTransfer.Backbones;
using MLNetTransfer.Evaluation;
using MLNetTransfer.Heads;
using MLNetTransfer.Images;

namespace MLNetTransfer.Transfer;

/// <summary>
/// What there is to know about a model: classes, decision, backbone and cut, the images it was trained on, what it was measured to be worth.
/// Stored inside model.zip and beside it. Contains nothing that differs between two runs of one seed.
/// </summary>
public sealed class ModelCard
{
    private static readonly JsonWriterOptions Writing = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const int Format = 1;

    private ModelCard(string json)
    {
        Json = json;
        var card = JsonNode.Parse(json)!.AsObject();
        if (card["format"]!.GetValue<int>() is not Format and var format)
            throw new FormatException($"Its format is {format}; this version reads {Format}.");
        Classes = [.. card["classes"]!.AsArray().Select(name => name!.GetValue<string>())];
        Positive = card["positive"]?.GetValue<string>();
        Threshold = card["threshold"]?.GetValue<double>();
        Backbone = card["backbone"]!["name"]!.GetValue<string>();
        BackboneSha256 = card["backbone"]!["sha256"]!.GetValue<string>();
        Preprocessing = Preprocessing.FromJson(card["backbone"]!["preprocessing"]!.ToJsonString());
        Cut = card["cut"]!["name"]!.GetValue<string>();
        CutSelection = CutSelectionJson.Read(card);
        FineTuning = FineTuningFacts.Read(card);
        Adaptation = AdaptationFacts.Read(card);
        Seed = card["seed"]!.GetValue<int>();
        Images = card["training"]!["images"]!.GetValue<int>();
        TrainingSha256 = card["training"]!["sha256"]!.GetValue<string>();
    }

    /// <summary>The whole card as JSON.</summary>
    public string Json { get; }

    /// <summary>The classes in ordinal order.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The positive class of two; null for more.</summary>
    public string? Positive { get; }

    /// <summary>The probability of the positive class from which on an image is decided as positive; null for more than two classes.</summary>
    public double? Threshold { get; }

    /// <summary>The name of the backbone.</summary>
    public string Backbone { get; }

    /// <summary>The SHA-256 of the backbone's ONNX file, in lower-case hexadecimal.</summary>
    public string BackboneSha256 { get; }

    /// <summary>What the network expects of an image.</summary>
    internal Preprocessing Preprocessing { get; }

    /// <summary>The name of the cut.</summary>
    public string Cut { get; }

    /// <summary>The cuts that cross-validation chose among, the cheapest first; none when the cut was given.</summary>
    public IReadOnlyList<CutFigures> CutSelection { get; }

    /// <summary>How layers below the head were trained; null when all were reused as they were.</summary>
    public FineTuningFacts? FineTuning { get; }

    /// <summary>How the head was adapted to a target; null when it was trained on the images it is for.</summary>
    public AdaptationFacts? Adaptation { get; }

    /// <summary>The seed of the training.</summary>
    public int Seed { get; }

    /// <summary>The number of images the head was trained on.</summary>
    public int Images { get; }

    /// <summary>The fingerprint of the training set: SHA-256 over the classes and contents of its images, whatever their names and places.</summary>
    public string TrainingSha256 { get; }

    internal static string LibraryVersion => VersionOf(typeof(ModelCard));

    internal static ModelCard Create(TransferOptions options, BackboneCut cut, IReadOnlyList<CutFigures> cutSelection, TrainedHead head,
        FeaturisedImages train, EvaluationResult validation, EvaluationResult? test, IReadOnlyList<SkippedImage> skipped,
        FineTuningFacts? fineTuning = null, AdaptationFacts? adaptation = null)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Writing))
        {
            writer.WriteStartObject();
            writer.WriteNumber("format", Format);
            WriteTask(writer, head.Linear);
            WriteNetwork(writer, cut);
            CutSelectionJson.Write(writer, cutSelection);
            fineTuning?.Write(writer);
            adaptation?.Write(writer);
            writer.WriteStartObject("head");
            writer.WriteString("kind", head.Linear.Positive is null ? "multinomial logistic regression" : "logistic regression");
            // An adapted head was penalised in the adapted space, which is folded away.
            if (adaptation is null)
                writer.WriteNumber("l2", head.L2);
            writer.WriteBoolean("calibrated", head.IsCalibrated);
            writer.WriteString("classWeights", options.ClassWeights == ClassWeighting.Balanced ? "balanced" : "none");
            writer.WriteEndObject();
            writer.WriteNumber("seed", options.Seed);
            WriteTraining(writer, train, skipped);
            WriteEvaluation(writer, "validation", fineTuning?.Validation ?? adaptation?.Validation ?? "nested cross-validation on the training images", validation);
            if (test is not null)
                WriteEvaluation(writer, "test", options.Test is null ? "held-out share of the given images" : "given test images", test);
            writer.WriteStartObject("versions");
            writer.WriteString("MLNetTransfer", LibraryVersion);
            writer.WriteString("Microsoft.ML", VersionOf(typeof(MLContext)));
            writer.WriteString("Microsoft.ML.OnnxRuntime", VersionOf(typeof(InferenceSession)));
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return new ModelCard(Encoding.UTF8.GetString(stream.ToArray()) + "\n");
    }

    /// <summary>Reads the JSON of a card.</summary>
    /// <exception cref="TransferException">It is not a card.</exception>
    internal static ModelCard FromJson(string json, string file)
    {
        try
        {
            return new ModelCard(json);
        }
        catch (Exception error) when (error is JsonException or NullReferenceException or InvalidOperationException or FormatException)
        {
            throw new TransferException($"A model holds the card it was saved with; that of '{file}' cannot be read: {error.Message} Train the model again.", error);
        }
    }

    private static void WriteTask(Utf8JsonWriter writer, LinearHead head)
    {
        writer.WriteStartArray("classes");
        foreach (var name in head.Classes)
            writer.WriteStringValue(name);
        writer.WriteEndArray();
        if (head.Positive is null)
            return;
        writer.WriteString("positive", head.Positive);
        writer.WriteNumber("threshold", head.Threshold);
    }

    private static void WriteNetwork(Utf8JsonWriter writer, BackboneCut cut)
    {
        writer.WriteStartObject("backbone");
        writer.WriteString("name", cut.Backbone.Name);
        writer.WriteString("sha256", cut.Backbone.Sha256);
        writer.WriteString("licence", cut.Backbone.Licence);
        writer.WritePropertyName("preprocessing");
        writer.WriteRawValue(cut.Backbone.Preprocessing.ToJson());
        writer.WriteEndObject();
        writer.WriteStartObject("cut");
        writer.WriteString("name", cut.Cut.Name);
        writer.WriteStartArray("tensors");
        foreach (var tensor in cut.Cut.Tensors)
            writer.WriteStringValue(tensor);
        writer.WriteEndArray();
        writer.WriteNumber("dimensions", cut.Dimensions);
        writer.WriteEndObject();
    }

    private static void WriteTraining(Utf8JsonWriter writer, FeaturisedImages train, IReadOnlyList<SkippedImage> skipped)
    {
        writer.WriteStartObject("training");
        writer.WriteNumber("images", train.Images.Images.Count);
        writer.WriteStartObject("imagesOfClass");
        foreach (var name in train.Images.Classes)
            writer.WriteNumber(name, train.Images.Images.Count(image => image.Label == name));
        writer.WriteEndObject();
        writer.WriteNumber("skipped", skipped.Count);
        writer.WriteString("sha256", FingerprintOf(train));
        writer.WriteEndObject();
    }

    private static void WriteEvaluation(Utf8JsonWriter writer, string name, string how, EvaluationResult result)
    {
        writer.WriteStartObject(name);
        writer.WriteString("how", how);
        EvaluationJson.Write(writer, result);
        writer.WriteEndObject();
    }

    private static string FingerprintOf(FeaturisedImages train)
    {
        var lines = train.Images.Images.Select((image, row) => $"{train.Fingerprints[row].ContentHash} {image.Label}\n").Order(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));
    }

    private static string VersionOf(Type type)
    {
        var version = type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        return version.Split('+')[0];
    }
}
