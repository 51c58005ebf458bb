using System.Security.Cryptography;
using MLNetTransfer.Backbones.Onnx;

namespace MLNetTransfer.Backbones.Quantization;

/// <summary>A backbone of 8-bit integers and how well it keeps the features of the one it was made of.</summary>
public sealed class QuantizedBackbone
{
    /// <summary>What a cut named "last" becomes: a description cannot name it so.</summary>
    private const string PooledCut = "pooled";

    internal QuantizedBackbone(Backbone original, Cut cut, FloatLayers.Choice choice, CalibratedScales calibrated)
    {
        Onnx = OnnxFile.Write(choice.Model);
        var pooled = GraphCut.Unused([.. original.Cuts.Select(each => each.Name)], PooledCut);
        var computed = choice.Model.Graph.Node.SelectMany(node => node.Output).ToHashSet();
        Description = new BackboneDescription
        {
            Name = original.Name + "-int8",
            Licence = original.Licence,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(Onnx)),
            Preprocessing = original.Preprocessing,
            Cuts = [.. original.Cuts.Where(each => each.Tensors.All(computed.Contains))
                .Select(each => new CutDescription { Name = NameOf(each, pooled), Tensors = each.Tensors })],
            DefaultCut = NameOf(cut, pooled),
        };
        Backbone = Backbone.FromBytes(Onnx, Description, Description.Name);
        (FloatConvolutions, Convolutions, SignalToNoise) = (choice.Float, choice.Convolutions, choice.Decibels);
        (Images, Skipped) = (calibrated.Images.Count, calibrated.Skipped);
    }

    /// <summary>The quantised network, ready to use like any other; its name is that of the original with "-int8" behind it.</summary>
    public Backbone Backbone { get; }

    /// <summary>The ONNX file: QuantizeLinear and DequantizeLinear around every tensor that ONNX Runtime computes with integers.</summary>
    public byte[] Onnx { get; }

    /// <summary>What the file does not say: preprocessing and licence of the original, the cuts, the SHA-256.</summary>
    public BackboneDescription Description { get; }

    /// <summary>The number of convolutions below the cut.</summary>
    public int Convolutions { get; }

    /// <summary>How many of them, from the input on, stayed in 32-bit floats.</summary>
    public int FloatConvolutions { get; }

    /// <summary>
    /// The variance of the features over the calibration images beside the mean squared error that quantisation adds to them, in decibels, -100 to
    /// 100: at 20 the error is a hundredth.
    /// </summary>
    public double SignalToNoise { get; }

    /// <summary>The number of images the scales were settled on.</summary>
    public int Images { get; }

    /// <summary>The images that could not be read.</summary>
    public IReadOnlyList<SkippedImage> Skipped { get; }

    /// <summary>Writes FILE.onnx and its description, FILE.json, each complete or not at all.</summary>
    /// <param name="onnxPath">The ONNX file to write.</param>
    /// <exception cref="TransferException">A file cannot be written.</exception>
    public void Save(string onnxPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(onnxPath);
        var descriptionPath = DescriptionPathOf(onnxPath);
        var (onnx, description) = (TemporaryOf(onnxPath), TemporaryOf(descriptionPath));
        try
        {
            File.WriteAllBytes(onnx, Onnx);
            File.WriteAllText(description, Description.ToJson());
            File.Move(description, descriptionPath, overwrite: true);
            File.Move(onnx, onnxPath, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new TransferException($"A quantised backbone is written to a file and its description beside it; '{onnxPath}' cannot be: {error.Message} "
                + "Choose another path.", error);
        }
        finally
        {
            foreach (var temporary in new[] { onnx, description })
                if (File.Exists(temporary))
                    File.Delete(temporary);
        }
    }

    /// <summary>Where the description of an ONNX file is.</summary>
    public static string DescriptionPathOf(string onnxPath) => Path.ChangeExtension(onnxPath, ".json");

    private static string NameOf(Cut cut, string pooled) => cut.Name == Cut.Last ? pooled : cut.Name;

    private static string TemporaryOf(string path) => $"{path}.{Guid.NewGuid():N}.tmp";
}
