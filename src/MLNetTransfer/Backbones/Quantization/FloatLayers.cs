using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Images;

namespace MLNetTransfer.Backbones.Quantization;

/// <summary>Chooses how many convolutions stay float by the noise that quantising the others makes in the features.</summary>
internal sealed class FloatLayers(
    ModelProto folded, IReadOnlySet<string> kept, Preprocessing preprocessing, CalibratedScales scales, QuantizationOptions options)
{
    /// <summary>A noise of a hundredth of the variance.</summary>
    private const double GoodDecibels = 20;

    /// <summary>Less than this is not worth the time of another float layer.</summary>
    private const double WorthDecibels = 1;

    private const int MostFloat = 8;

    /// <summary>A way to quantise: the model, how many convolutions are float in it and in all, and how well it keeps the features.</summary>
    public sealed record Choice(ModelProto Model, int Float, int Convolutions, double Decibels);

    /// <summary>The choice the options ask for.</summary>
    /// <param name="features">The output of the model.</param>
    /// <param name="cancellation">Stops between two images.</param>
    public Choice Choose(string features, CancellationToken cancellation)
    {
        var expected = Features(folded, features, cancellation);
        if (options.FloatConvolutions is { } asked)
            return Try(asked);
        var tried = new List<Choice>();
        do
            tried.Add(Try(tried.Count));
        while (tried[^1].Decibels < GoodDecibels && tried.Count <= Math.Min(MostFloat, tried[^1].Convolutions - 1));
        return tried.Find(choice => choice.Decibels >= GoodDecibels)
            ?? tried.First(choice => choice.Decibels >= tried.Max(each => each.Decibels) - WorthDecibels);

        Choice Try(int count)
        {
            var model = folded.Clone();
            var plan = new QuantizationPlan(model.Graph, kept, count);
            QuantizedGraph.Write(model, plan, scales.Scales, options.ReducedRange);
            return new Choice(model, count, plan.Convolutions, FeatureNoise.Decibels(expected, Features(model, features, cancellation)));
        }
    }

    private FeatureMatrix Features(ModelProto model, string output, CancellationToken cancellation)
    {
        using var run = new CalibrationRun(model, preprocessing, [output]);
        var rows = new float[scales.Images.Count][];
        run.Run(scales.Images, (image, _, values) => rows[image] = values.ToArray(), null, cancellation);
        return new FeatureMatrix(rows.Length, rows[0].Length, [.. rows.SelectMany(row => row)]);
    }
}
