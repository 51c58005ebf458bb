using System.CommandLine;
using System.Text.Json;
using MLNetTransfer.Backbones;
using MLNetTransfer.Explanation;
using MLNetTransfer.Images;
using Spectre.Console;

namespace MLNetTransfer.Cli.Commands;

/// <summary><c>backbones describe</c>: what a network takes, what it costs, and every place where it can be cut.</summary>
internal static class BackbonesDescribeCommand
{
    /// <summary>The longest name of a cut that leaves room for the numbers in a terminal of 80 columns.</summary>
    private const int NameWidth = 20;

    public static Command Create(Terminal terminal)
    {
        var (backbone, json) = (new Argument<string>("NAME|FILE") { Description = "The pretrained network: a name or an ONNX file." }, SharedOptions.Json());
        var filters = new Option<string?>("--filters") { HelpName = "FILE.png", Description = "Write the filters of the first layer as a picture." };
        var activations = new Option<string?>("--activations") { HelpName = "FILE.png", Description = "Write what every channel of a cut answers to --image as a picture." };
        var image = new Option<string?>("--image") { HelpName = "PHOTO", Description = "The photo for --activations." };
        var cut = SharedOptions.Cut();
        (cut.HelpName, cut.Description) = ("NAME|last", "The cut for --activations.");
        var command = new Command("describe", "Show what a network takes, what it costs, and where it can be cut.") { backbone, filters, activations, image, cut, json };
        command.SetAction((parsed, _) =>
        {
            var (filtersPath, activationsPath, photo) = (parsed.GetValue(filters), parsed.GetValue(activations), parsed.GetValue(image));
            if (activationsPath is null != photo is null)
                throw new TransferException("--activations names the picture to write and --image the photo to run; received one of the two. Give both or none.");
            OutputFiles.Require([parsed.GetValue(backbone), photo], filtersPath, activationsPath);
            var network = SharedOptions.Resolve(parsed.GetRequiredValue(backbone));
            // Both before the first is written: a fault leaves nothing behind.
            var bank = filtersPath is null ? null : FilterBank.Of(network);
            var maps = photo is null ? null : ActivationMaps.Of(network.CutAt(network.FindCut(parsed.GetValue(cut)!)), photo);
            bank?.SavePng(filtersPath!);
            maps?.SavePng(activationsPath!);
            if (parsed.GetValue(json))
                terminal.WriteJson(writer => Write(writer, network));
            else
                Show(terminal, network);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static void Show(Terminal terminal, Backbone network)
    {
        var preprocessing = network.Preprocessing;
        var facts = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(1).PadRight(2)).AddColumn(new GridColumn().NoWrap());
        foreach (var (name, value) in new[]
        {
            ("name", $"[bold]{Markup.Escape(network.Name)}[/]"),
            ("SHA-256", network.Sha256),
            ("licence", Markup.Escape(network.Licence)),
            ("input", Markup.Escape($"{network.InputName} {Input(preprocessing)}")),
            ("pixels", $"{Pixels(preprocessing)}, {Resize(preprocessing)}"),
            ("", network.PreprocessingIsAssumed ? $"[yellow]assumed: nothing in the file or beside it says so[/]" : ""),
            ("whole network", $"{Counts.Short(network.Parameters)} parameters, {Counts.Short(network.MultiplyAdds)} multiply-adds an image"),
        })
            if (value.Length > 0)
                facts.AddRow(name, value);
        terminal.Output.WriteLine();
        terminal.Output.Write(facts);
        terminal.Output.Write(Cuts(network));
        foreach (var cut in network.Cuts.Where(cut => cut.Name.Length > NameWidth))
            terminal.Print($" {Shortened(cut.Name)} is {cut.Name}");
        terminal.Print(" * is --cut last, the default. Parameters and multiply-adds are all those at or");
        terminal.Print("   below a cut, with their share of the whole network.");
    }

    private static Table Cuts(Backbone network)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn(new TableColumn("cut").NoWrap().Padding(0, 0));
        foreach (var name in new[] { "shape", "features", "parameters", "multiply-adds" })
            table.AddColumn(new TableColumn(name).RightAligned().NoWrap().PadLeft(1).PadRight(0));
        foreach (var cut in network.Cuts)
        {
            var isDefault = cut == network.DefaultCut;
            var style = isDefault ? "bold" : "default";
            string[] cells =
            [
                $"{Markup.Escape(Shortened(cut.Name))}{(isDefault ? " *" : "")}", $"{cut.Shape}", Invariant($"{cut.Dimensions}"),
                Invariant($"{Counts.Short(cut.Parameters)} {Share(cut.Parameters, network.Parameters),6}"),
                Invariant($"{Counts.Short(cut.MultiplyAdds)} {Share(cut.MultiplyAdds, network.MultiplyAdds),6}"),
            ];
            table.AddRow([.. cells.Select(cell => $"[{style}]{cell}[/]")]);
        }
        return table;
    }

    private static void Write(Utf8JsonWriter writer, Backbone network)
    {
        writer.WriteString("name", network.Name);
        writer.WriteString("sha256", network.Sha256);
        writer.WriteString("licence", network.Licence);
        writer.WriteString("input", network.InputName);
        writer.WritePropertyName("preprocessing");
        writer.WriteRawValue(network.Preprocessing.ToJson());
        writer.WriteBoolean("preprocessingIsAssumed", network.PreprocessingIsAssumed);
        writer.WriteNumber("parameters", network.Parameters);
        writer.WriteNumber("multiplyAdds", network.MultiplyAdds);
        writer.WriteString("defaultCut", network.DefaultCut.Name);
        writer.WriteStartArray("cuts");
        foreach (var cut in network.Cuts)
        {
            writer.WriteStartObject();
            writer.WriteString("name", cut.Name);
            writer.WriteStartArray("tensors");
            foreach (var tensor in cut.Tensors)
                writer.WriteStringValue(tensor);
            writer.WriteEndArray();
            writer.WriteStartObject("shape");
            writer.WriteNumber("channels", cut.Shape.Channels);
            writer.WriteNumber("height", cut.Shape.Height);
            writer.WriteNumber("width", cut.Shape.Width);
            writer.WriteEndObject();
            writer.WriteNumber("dimensions", cut.Dimensions);
            writer.WriteNumber("parameters", cut.Parameters);
            writer.WriteNumber("multiplyAdds", cut.MultiplyAdds);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static string Input(Preprocessing preprocessing) => preprocessing.Layout == TensorLayout.Nchw
        ? Invariant($"[N, {preprocessing.Channels}, {preprocessing.Side}, {preprocessing.Side}]")
        : Invariant($"[N, {preprocessing.Side}, {preprocessing.Side}, {preprocessing.Channels}]");

    /// <summary>The numbers that black and white become, and for several channels what each is normalised with.</summary>
    private static string Pixels(Preprocessing preprocessing)
    {
        var (mean, std, order) = (preprocessing.Mean, preprocessing.Std, preprocessing.Order switch { PixelOrder.Gray => "grey", PixelOrder.Bgr => "BGR", _ => "RGB" });
        var isSame = mean.R == mean.G && mean.G == mean.B && std.R == std.G && std.G == std.B;
        return isSame || preprocessing.Order == PixelOrder.Gray
            ? Invariant($"{order} {-mean.R / std.R:0.###} to {(1 - mean.R) / std.R:0.###}")
            : Invariant($"{order} mean {mean.R:.###} {mean.G:.###} {mean.B:.###} std {std.R:.###} {std.G:.###} {std.B:.###}");
    }

    private static string Resize(Preprocessing preprocessing) =>
        preprocessing.Resize == ResizeMode.Squash ? "squashed" : Invariant($"cropped from {preprocessing.Side * preprocessing.ResizeRatio:0}");

    /// <summary>A name in the room there is: its end tells cuts apart.</summary>
    private static string Shortened(string name) => name.Length <= NameWidth ? name : "…" + name[^(NameWidth - 1)..];

    private static string Share(long part, long whole) => whole == 0 ? "" : Invariant($"{100.0 * part / whole:0} %");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
