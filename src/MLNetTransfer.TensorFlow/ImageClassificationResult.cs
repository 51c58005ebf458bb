using Microsoft.ML;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.TensorFlow;

/// <summary>A finished training by ML.NET's image classification trainer: the model and what it is worth.</summary>
public sealed class ImageClassificationResult : IDisposable
{
    private readonly MLContext _context;
    private readonly DataViewSchema _input;

    internal ImageClassificationResult(MLContext context, DataViewSchema input, ITransformer model, string? positive, FeaturisedImages train, EvaluatedImages? test, IReadOnlyList<SkippedImage> skipped)
    {
        (_context, _input, Model, Positive, Test, Skipped) = (context, input, model, positive, test, skipped);
        (Classes, Images) = (train.Images.Classes, train.Images.Images.Count);
    }

    /// <summary>
    /// The model, ImagePath -> Score (probabilities in the order of <see cref="Classes"/>), PredictedLabel. Give it JPEG or PNG files that can be
    /// read: for any other ML.NET repeats the probabilities of the image before.
    /// </summary>
    public ITransformer Model { get; }

    /// <summary>The classes in ordinal order.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The positive class of two; null for more.</summary>
    public string? Positive { get; }

    /// <summary>The number of images trained on, those that early stopping watched among them.</summary>
    public int Images { get; }

    /// <summary>The model on held-out images, which took part in nothing, decided at .5; null when none were held out.</summary>
    public EvaluatedImages? Test { get; }

    /// <summary>Every image that was left out, with the reason.</summary>
    public IReadOnlyList<SkippedImage> Skipped { get; }

    /// <summary>Saves the model for <c>mlContext.Model.Load</c>, where Microsoft.ML.Vision and TensorFlow are present. It has no model card.</summary>
    /// <param name="path">The file, usually model.zip; its folder must exist.</param>
    /// <exception cref="TransferException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            _context.Model.Save(Model, _input, temporary);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TransferException($"The model is written to '{path}'; that cannot be done: {error.Message} Choose a file in an existing folder you may write to.", error);
        }
        finally
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
        }
    }

    /// <summary>Frees the network.</summary>
    public void Dispose() => (Model as IDisposable)?.Dispose();
}
