using System.Text.Json.Nodes;
using Microsoft.ML.OnnxRuntime;
using MLNetTransfer.Images;

namespace MLNetTransfer.Tests.Transfer;

/// <summary>An exported model as another program would use it: ONNX Runtime and the metadata of the file.</summary>
internal sealed class ExportedModel : IDisposable
{
    private readonly InferenceSession _session;
    private readonly JsonNode _description;

    public ExportedModel(byte[] onnx)
    {
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        _session = new InferenceSession(onnx, options);
        _description = JsonNode.Parse(_session.ModelMetadata.CustomMetadataMap["mlnettransfer"])!;
        Preprocessing = Preprocessing.FromJson(_description["preprocessing"]!.ToJsonString());
        Classes = [.. _description["classes"]!.AsArray().Select(name => (string)name!)];
    }

    public Preprocessing Preprocessing { get; }

    public IReadOnlyList<string> Classes { get; }

    /// <summary>The label and the probabilities of image files, all in one run.</summary>
    public IReadOnlyList<(string Label, float[] Probabilities)> Predict(IReadOnlyList<string> paths)
    {
        var tensor = new float[paths.Count * Preprocessing.TensorLength];
        for (var i = 0; i < paths.Count; i++)
            ImageDecoder.Decode(paths[i], Preprocessing, tensor.AsSpan(i * Preprocessing.TensorLength, Preprocessing.TensorLength), out _);
        return Run(tensor, paths.Count);
    }

    public IReadOnlyList<(string Label, float[] Probabilities)> Run(float[] tensor, int images)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(tensor, [images, Preprocessing.Channels, Preprocessing.Side, Preprocessing.Side]);
        using var options = new RunOptions();
        using var results = _session.Run(options, [(string)_description["input"]!], [input], [(string)_description["probabilities"]!, (string)_description["label"]!]);
        var probabilities = results[0].GetTensorDataAsSpan<float>().ToArray().Chunk(Classes.Count);
        return [.. results[1].GetTensorDataAsSpan<long>().ToArray().Zip(probabilities, (label, row) => (Classes[(int)label], row))];
    }

    public void Dispose() => _session.Dispose();
}
