using System.CommandLine;
using System.Globalization;
using System.Text;
using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.TensorFlow;
using MLNetTransfer.Images;

namespace MLNetTransfer.Cli.Commands;

/// <summary><c>backbones import</c>: a TensorFlow graph becomes an ONNX backbone with its description.</summary>
internal static class BackbonesImportCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "A frozen TensorFlow graph: GraphDef (.pb) or MetaGraphDef (.meta)." };
        var output = new Option<string>("--out") { Required = true, HelpName = "FILE.onnx", Description = "The backbone to write; its description FILE.json goes beside it." };
        var input = new Option<string?>("--input") { HelpName = "NAME", Description = "The tensor that takes images. Default: the graph's placeholder of images." };
        var end = new Option<string?>("--output") { HelpName = "NAME", Description = "The tensor to end at. Default: the last Softmax." };
        var side = new Option<int?>("--side") { HelpName = "N", Description = "The side of the square images in pixels. Default: what the graph declares." };
        var range = new Option<string?>("--range") { HelpName = "LOW..HIGH", Description = "What pixels become: -1..1, 0..1 or 0..255. Default: that of the network's family." };
        var mean = new Option<string?>("--mean") { HelpName = "R,G,B", Description = "What is subtracted from pixels of 0 to 1; with --std." };
        var std = new Option<string?>("--std") { HelpName = "R,G,B", Description = "What pixels of 0 to 1 are divided by after --mean." };
        var order = new Option<string?>("--order") { HelpName = "rgb|bgr|gray", Description = "The order of the channels. Default: rgb, or gray for one channel." };
        var resize = new Option<string?>("--resize") { HelpName = "squash|center-crop", Description = "How a photo becomes a square. Default: squash." };
        var licence = new Option<string?>("--licence") { HelpName = "TEXT", Description = "The licence of the weights, such as Apache-2.0." };
        var json = SharedOptions.Json();
        var command = new Command("import", "Turn a frozen TensorFlow graph into an ONNX backbone, without TensorFlow.")
            { file, output, input, end, side, range, mean, std, order, resize, licence, json };
        command.SetAction((parsed, _) =>
        {
            var (graph, path) = (parsed.GetRequiredValue(file), parsed.GetRequiredValue(output));
            if (!path.EndsWith(".onnx", StringComparison.Ordinal))
                throw new TransferException($"A backbone is written to FILE.onnx, with its description beside it; received '{path}'. Add the extension.");
            var description = Path.ChangeExtension(path, ".json");
            OutputFiles.Require([graph], path, description);
            var (givenMean, givenStd) = Scale(parsed.GetValue(range), parsed.GetValue(mean), parsed.GetValue(std));
            var imported = TensorFlowImport.Read(graph, new TensorFlowImportOptions
            {
                Name = Path.GetFileNameWithoutExtension(path),
                Licence = parsed.GetValue(licence),
                Input = parsed.GetValue(input),
                Output = parsed.GetValue(end),
                Side = parsed.GetValue(side),
                Mean = givenMean,
                Std = givenStd,
                Order = Choice<PixelOrder>("--order", parsed.GetValue(order), ("rgb", PixelOrder.Rgb), ("bgr", PixelOrder.Bgr), ("gray", PixelOrder.Gray)),
                Resize = Choice<ResizeMode>("--resize", parsed.GetValue(resize), ("squash", ResizeMode.Squash), ("center-crop", ResizeMode.CenterCrop)) ?? ResizeMode.Squash,
            });
            // Nothing is written that could not be used.
            var backbone = imported.ToBackbone();
            OutputFiles.Write(path, stream => stream.Write(imported.Onnx));
            OutputFiles.Write(description, stream => stream.Write(Encoding.UTF8.GetBytes(imported.Description.ToJson())));
            if (parsed.GetValue(json))
                WriteJson(terminal, imported, backbone, path);
            else
                Print(terminal, imported, backbone, path, description);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static (ChannelValues? Mean, ChannelValues? Std) Scale(string? range, string? mean, string? std)
    {
        if (range is not null && (mean ?? std) is not null)
            throw new TransferException("Pixels are scaled by --range, or by --mean and --std; received both. Leave one out.");
        return range is null ? (Channels("--mean", mean), Channels("--std", std))
            : range switch
            {
                "-1..1" => (new(0.5f), new(0.5f)),
                "0..1" => (new(0), new(1)),
                "0..255" => (new(0), new(1f / 255)),
                _ => throw new TransferException($"The --range is -1..1, 0..1 or 0..255; received '{range}'. Give one of them, or --mean and --std."),
            };
    }

    private static ChannelValues? Channels(string option, string? text)
    {
        var values = text?.Split(',').Select(part => float.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : float.NaN).ToArray();
        return values switch
        {
            null => null,
            [var all] when float.IsFinite(all) => new(all),
            [var r, var g, var b] when float.IsFinite(r + g + b) => new(r, g, b),
            _ => throw new TransferException($"{option} is one number or three, for pixels of 0 to 1, such as 0.485,0.456,0.406; received '{text}'."),
        };
    }

    private static T? Choice<T>(string option, string? text, params (string Name, T Value)[] choices) where T : struct =>
        text is null ? null
        : choices.Any(choice => choice.Name == text) ? choices.First(choice => choice.Name == text).Value
        : throw new TransferException($"{option} is {string.Join(", ", choices.Select(choice => choice.Name))}; received '{text}'. Give one of them.");

    private static void Print(Terminal terminal, ImportedBackbone imported, Backbone backbone, string path, string description)
    {
        var preprocessing = imported.Description.Preprocessing;
        terminal.Print(string.Create(CultureInfo.InvariantCulture, $"nodes          {imported.Nodes} in the file, {imported.Folded} computed or merged while importing, {imported.OnnxNodes} in the ONNX graph"));
        terminal.Print($"operators      {string.Join(", ", imported.Operators.Select(op => string.Create(CultureInfo.InvariantCulture, $"{op.Key} {op.Value}")))}");
        terminal.Print(string.Create(CultureInfo.InvariantCulture, $"input          {imported.Input}, {preprocessing.Channels} x {preprocessing.Side} x {preprocessing.Side}"));
        terminal.Print($"output         {imported.Output}");
        terminal.Print(string.Create(CultureInfo.InvariantCulture, $"default cut    {imported.DefaultCut}, {backbone.DefaultCut.Dimensions} features"));
        terminal.Print($"preprocessing  mean {Text(preprocessing.Mean)}, std {Text(preprocessing.Std)} on pixels of 0 to 1: {imported.PreprocessingSource}");
        terminal.Print($"written        {path}, {description}");
        foreach (var note in imported.Notes)
            terminal.Say(note);
        terminal.Say($"Next: mlnettransfer train --backbone {path} --data DIR --out model.zip");
    }

    private static string Text(ChannelValues values) => values.R == values.G && values.G == values.B
        ? string.Create(CultureInfo.InvariantCulture, $"{values.R:0.####}")
        : string.Create(CultureInfo.InvariantCulture, $"{values.R:0.####},{values.G:0.####},{values.B:0.####}");

    private static void WriteJson(Terminal terminal, ImportedBackbone imported, Backbone backbone, string path) => terminal.WriteJson(writer =>
    {
        writer.WriteString("backbone", path);
        writer.WriteString("sha256", backbone.Sha256);
        writer.WriteNumber("nodes", imported.Nodes);
        writer.WriteNumber("folded", imported.Folded);
        writer.WriteNumber("onnxNodes", imported.OnnxNodes);
        writer.WriteStartObject("operators");
        foreach (var (type, count) in imported.Operators)
            writer.WriteNumber(type, count);
        writer.WriteEndObject();
        writer.WriteString("input", imported.Input);
        writer.WriteString("output", imported.Output);
        writer.WriteString("defaultCut", imported.DefaultCut);
        writer.WriteNumber("dimensions", backbone.DefaultCut.Dimensions);
        writer.WritePropertyName("preprocessing");
        writer.WriteRawValue(imported.Description.Preprocessing.ToJson());
        writer.WriteString("preprocessingSource", imported.PreprocessingSource);
        writer.WriteStartArray("notes");
        foreach (var note in imported.Notes)
            writer.WriteStringValue(note);
        writer.WriteEndArray();
    });
}
