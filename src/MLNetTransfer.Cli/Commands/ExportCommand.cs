using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Cli.Commands;

/// <summary><c>export</c>: model.zip in, one ONNX file out.</summary>
internal static class ExportCommand
{
    public static Command Create(Terminal terminal)
    {
        var json = SharedOptions.Json();
        var model = new Option<string>("--model") { Required = true, HelpName = "model.zip", Description = "The model file." };
        var output = new Option<string>("--out") { Required = true, HelpName = "model.onnx", Description = "The ONNX file to write." };
        var pixels = new Option<bool>("--pixels") { Description = "Take pixels of 0..255 and normalise them inside the graph." };
        var command = new Command("export", "Write a model as one ONNX file: image in, probabilities out.") { model, output, pixels, json };
        command.SetAction((parsed, _) =>
        {
            var (source, path) = (parsed.GetRequiredValue(model), parsed.GetRequiredValue(output));
            OutputFiles.Require([source], path);
            var description = TransferModel.ExportOnnx(source, path, parsed.GetValue(pixels));
            using var described = JsonDocument.Parse(description);
            var onnx = File.ReadAllBytes(path);
            if (parsed.GetValue(json))
                terminal.WriteJson(writer => WriteJson(writer, described.RootElement, path, onnx));
            else
                Print(terminal, described.RootElement, path);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static void Print(Terminal terminal, JsonElement description, string path)
    {
        var preprocessing = description.GetProperty("preprocessing");
        var side = preprocessing.GetProperty("side").GetInt32();
        var order = preprocessing.GetProperty("order").GetString();
        var classes = description.GetProperty("classes").EnumerateArray().Select(name => name.GetString()).ToArray();
        terminal.Print(FormattableString.Invariant($"In   {description.GetProperty("input")}  float32 [N, {(order == "gray" ? 1 : 3)}, {side}, {side}], {order}"));
        terminal.Print(FormattableString.Invariant($"Out  {description.GetProperty("probabilities")}  float32 [N, {classes.Length}]: {string.Join(", ", classes)}"));
        terminal.Print($"Out  {description.GetProperty("label")}  int64 [N]");
        terminal.Print($"ONNX {path}");
    }

    /// <summary>Where the file is, and what it says about itself.</summary>
    private static void WriteJson(Utf8JsonWriter writer, JsonElement description, string path, byte[] onnx)
    {
        writer.WriteString("path", path);
        writer.WriteNumber("bytes", onnx.Length);
        writer.WriteString("sha256", Convert.ToHexStringLower(SHA256.HashData(onnx)));
        foreach (var property in description.EnumerateObject())
            property.WriteTo(writer);
    }
}
