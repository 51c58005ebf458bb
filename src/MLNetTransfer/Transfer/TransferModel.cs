using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Heads;

namespace MLNetTransfer.Transfer;

/// <summary>A trained model: image path -> features of the reused layers -> head. Immutable.</summary>
public sealed class TransferModel
{
    private readonly BackboneCut _cut;
    private readonly ITransformer _head;

    internal TransferModel(ModelCard card, BackboneCut cut, ITransformer head) => (Card, _cut, _head) = (card, cut, head);

    /// <summary>What there is to know about the model.</summary>
    public ModelCard Card { get; }

    /// <summary>The card of a model file: model.zip -> model.card.json beside it.</summary>
    public static string CardPathOf(string modelPath) => Path.ChangeExtension(modelPath, ".card.json");

    /// <summary>
    /// Saves the model as an ML.NET model that <c>new MLContext().Model.Load</c> opens (columns ImagePath -> Features, Score, Probability,
    /// PredictedLabel), and its card beside it. The same training gives the same bytes. Either both files are written or none.
    /// </summary>
    /// <param name="path">The file, usually model.zip; its folder must exist.</param>
    /// <exception cref="TransferException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        WriteTogether($"The model is written to '{path}' and its card beside it",
            (path, ModelArchive.Write(SaveWithMLNet(), Card, LinearHead.FromTransformer(_head))),
            (CardPathOf(path), Encoding.UTF8.GetBytes(Card.Json)));
    }

    /// <summary>
    /// Writes the model as one ONNX file: "image", float32 [N, 3, S, S] ([N, 1, S, S] for grey), in; "probabilities", float32 [N, classes], and
    /// "label", int64 [N], out, both in the order of <see cref="ModelCard.Classes"/>. ONNX Runtime reproduces <see cref="ImageClassifier"/> within 1e-5.
    /// The same model gives the same bytes.
    /// </summary>
    /// <param name="path">The file, usually model.onnx; its folder must exist.</param>
    /// <param name="pixels">True lets the graph take pixels of 0..255 and normalise them itself; false (default) takes normalised images.</param>
    /// <returns>
    /// What the file says about itself under the key "mlnettransfer" of its metadata, as JSON: names of input and outputs, preprocessing, classes,
    /// positive class and threshold, backbone, cut, seed. The model card is under "mlnettransfer.card".
    /// </returns>
    /// <exception cref="TransferException">The file cannot be written.</exception>
    public string ExportOnnx(string path, bool pixels = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Export(path, OnnxExport.Build(_cut.Onnx, _cut.Backbone.Preprocessing, _head, Card, pixels));
    }

    /// <summary>Writes a saved model as one ONNX file; see the other overload.</summary>
    /// <param name="modelPath">A file that <see cref="Save"/> wrote; every byte of it is checked.</param>
    /// <param name="path">The file, usually model.onnx; its folder must exist.</param>
    /// <param name="pixels">True lets the graph take pixels of 0..255 and normalise them itself; false (default) takes normalised images.</param>
    /// <returns>What the file says about itself.</returns>
    /// <exception cref="TransferException">The model is missing, truncated, altered or none of this library, or the file cannot be written.</exception>
    public static string ExportOnnx(string modelPath, string path, bool pixels = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelPath);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var card = ModelArchive.Verify(modelPath);
        var model = new MLContext(0).Model.Load(modelPath, out _);
        try
        {
            var (onnx, preprocessing) = SavedBottleneck.Read(model, modelPath);
            return Export(path, OnnxExport.Build(onnx, preprocessing, model, card, pixels));
        }
        finally
        {
            (model as IDisposable)?.Dispose();
        }
    }

    private static string Export(string path, (byte[] Onnx, string Description) exported)
    {
        WriteTogether($"The model is written to '{path}'", (path, exported.Onnx));
        return exported.Description;
    }

    /// <summary>Writes all of the files or none.</summary>
    private static void WriteTogether(string what, params (string Path, byte[] Bytes)[] files)
    {
        // In the same folder, so that moving is renaming; of a name nobody has.
        string[] temporary = [.. files.Select(file => $"{file.Path}.{Guid.NewGuid():N}.tmp")];
        try
        {
            foreach (var (target, _) in files)
                if (Directory.Exists(target))
                    throw new IOException($"'{target}' is a folder.");
            for (var i = 0; i < files.Length; i++)
                File.WriteAllBytes(temporary[i], files[i].Bytes);
            for (var i = 0; i < files.Length; i++)
                File.Move(temporary[i], files[i].Path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TransferException($"{what}; that cannot be done: {error.Message} "
                + "Choose a file in an existing folder you may write to.", error);
        }
        finally
        {
            foreach (var left in temporary.Where(File.Exists))
                File.Delete(left);
        }
    }

    private byte[] SaveWithMLNet()
    {
        var context = new MLContext(0);
        var images = context.Data.LoadFromEnumerable<ImageRow>([]);
        using var features = context.Transforms.BottleneckFeatures("Features", nameof(ImageRow.ImagePath), _cut).Fit(images);
        using var stream = new MemoryStream();
        context.Model.Save(new TransformerChain<ITransformer>(features, _head), images.Schema, stream);
        return stream.ToArray();
    }

    private sealed class ImageRow
    {
        public string ImagePath { get; set; } = "";
    }
}
