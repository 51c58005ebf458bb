using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetTransfer.Images;

namespace MLNetTransfer.Benchmarks;

/// <summary>What a user of ML.NET alone would serve: <see cref="StockPipeline"/>, a logistic regression, and a prediction engine over both.</summary>
internal sealed class StockClassifier : IDisposable
{
    private readonly PredictionEngine<Photo, Prediction> _engine;

    public StockClassifier(StockPipeline pipeline, ImageSet images)
    {
        var context = new MLContext(0);
        var photos = images.Images.Select(image => new Photo { ImagePath = image.Path, Label = image.Label == images.Classes[1] });
        var features = pipeline.Model.Transform(context.Data.LoadFromEnumerable(photos));
        var head = context.BinaryClassification.Trainers.LbfgsLogisticRegression(nameof(Photo.Label), pipeline.Output).Fit(features);
        _engine = context.Model.CreatePredictionEngine<Photo, Prediction>(new TransformerChain<ITransformer>(pipeline.Model, head));
    }

    /// <summary>The probability of the second class.</summary>
    public float Predict(string path) => _engine.Predict(new Photo { ImagePath = path }).Probability;

    public void Dispose() => _engine.Dispose();

    private sealed class Photo
    {
        public string ImagePath { get; set; } = "";

        public bool Label { get; set; }
    }

    private sealed class Prediction
    {
        public float Probability { get; set; }
    }
}
