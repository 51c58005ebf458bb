using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Heads;
using MLNetTransfer.Images;

namespace MLNetTransfer.Transfer;

/// <summary>
/// A trained model as one ONNX file for whatever runs ONNX: image tensor in, probabilities and label out, and in its metadata all that a caller
/// needs to know, under one key as JSON, with the model card beside it. The same model gives the same bytes.
/// </summary>
internal static class OnnxExport
{
    public const string DescriptionKey = "mlnettransfer";
    public const string CardKey = "mlnettransfer.card";
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="features">The network up to its cut: images in, features out.</param>
    /// <param name="preprocessing">How its images are made.</param>
    /// <param name="model">A chain that ends in a head.</param>
    /// <param name="card">The model card.</param>
    /// <param name="pixels">Whether the file takes pixels of 0..255 and normalises them itself.</param>
    public static (byte[] Onnx, string Description) Build(byte[] features, Preprocessing preprocessing, ITransformer model, ModelCard card, bool pixels)
    {
        var onnx = OnnxFile.Parse(features, card.Backbone);
        var head = LinearHead.FromTransformer(model);
        var graph = new ClassifierGraph(onnx.Graph);
        var input = graph.NameInput();
        graph.StateKernels();
        if (preprocessing.Layout == TensorLayout.Nhwc)
        {
            preprocessing = preprocessing with { Layout = TensorLayout.Nchw };
            graph.TakeChannelsFirst(input, preprocessing);
        }
        if (pixels)
        {
            graph.TakePixels(input, preprocessing);
            // What is left to do before the graph: 1/255 keeps 0..255.
            preprocessing = preprocessing with { Mean = default, Std = new(1 / 255f) };
        }
        var (probabilities, label) = graph.AppendHead(head, ClassifierGraph.CentreOf(model));

        var description = Describe(card, preprocessing, head, input, probabilities, label);
        (onnx.ProducerName, onnx.ProducerVersion) = ("MLNetTransfer", ModelCard.LibraryVersion);
        Set(onnx, DescriptionKey, description);
        Set(onnx, CardKey, card.Json);
        return (OnnxFile.Write(onnx), description);
    }

    private static string Describe(ModelCard card, Preprocessing preprocessing, LinearHead head, string input, string probabilities, string label)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Writing))
        {
            writer.WriteStartObject();
            writer.WriteNumber("format", 1);
            writer.WriteString("input", input);
            writer.WritePropertyName("preprocessing");
            writer.WriteRawValue(preprocessing.ToJson());
            writer.WriteString("probabilities", probabilities);
            writer.WriteString("label", label);
            writer.WriteStartArray("classes");
            foreach (var name in head.Classes)
                writer.WriteStringValue(name);
            writer.WriteEndArray();
            if (head.Positive is not null)
            {
                writer.WriteString("positive", head.Positive);
                writer.WriteNumber("threshold", head.Threshold);
            }
            writer.WriteStartObject("backbone");
            writer.WriteString("name", card.Backbone);
            writer.WriteString("sha256", card.BackboneSha256);
            writer.WriteString("licence", JsonNode.Parse(card.Json)!["backbone"]!["licence"]!.GetValue<string>());
            writer.WriteEndObject();
            writer.WriteString("cut", card.Cut);
            writer.WriteNumber("seed", card.Seed);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Set(ModelProto onnx, string key, string value)
    {
        if (onnx.MetadataProps.FirstOrDefault(property => property.Key == key) is { } earlier)
            onnx.MetadataProps.Remove(earlier);
        onnx.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
    }
}
