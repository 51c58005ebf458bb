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
        (string Path, byte[] Bytes)[] files =
        [
            (path, ModelArchive.Write(SaveWithMLNet(), Card, LinearHead.FromTransformer(_head))),
            (CardPathOf(path), Encoding.UTF8.GetBytes(Card.Json)),
        ];
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
            throw new TransferException($"The model is written to '{path}' and its card beside it; that cannot be done: {error.Message} "
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
