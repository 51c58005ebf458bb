using System.Numerics.Tensors;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Images;

namespace MLNetTransfer.Backbones.Quantization;

/// <summary>Chooses the scale of every tensor of a plan from what it holds on images.</summary>
internal static class Calibration
{
    // Ranges, histograms, and what comes after calibration.
    private const double Passes = 3;

    /// <summary>The scales, and the images that could not be read.</summary>
    /// <exception cref="TransferException">No image can be read, or the network computes something other than finite numbers.</exception>
    public static CalibratedScales Run(
        ModelProto model, QuantizationPlan plan, Preprocessing preprocessing, IReadOnlyList<string> images, ActivationRange method,
        IProgress<double>? progress, CancellationToken cancellation)
    {
        string[] tensors = [.. plan.Tensors.Where(tensor => plan.ScaledAs(tensor) == tensor)];
        using var run = new CalibrationRun(model, preprocessing, tensors);
        var (low, high) = (new float[tensors.Length], new float[tensors.Length]);
        var gate = new Lock();
        var unread = run.Run(images, (image, tensor, values) =>
        {
            var (least, greatest) = (TensorPrimitives.Min(values), TensorPrimitives.Max(values));
            if (!float.IsFinite(least) || !float.IsFinite(greatest))
                throw new TransferException($"A network to quantise computes finite numbers; tensor '{tensors[tensor]}' holds {(float.IsFinite(least) ? greatest : least)} "
                    + $"for '{images[image]}'. Check the mean and deviation in the backbone's description.");
            lock (gate)
                (low[tensor], high[tensor]) = (Math.Min(low[tensor], least), Math.Max(high[tensor], greatest));
        }, progress is null ? null : share => progress.Report(share / Passes), cancellation);
        string[] read = [.. images.Where((_, image) => unread[image] is null)];
        if (read.Length == 0)
            throw new TransferException($"Calibration takes 1 or more readable images; received none among {images.Count}"
                + $"{(images.Count > 0 ? $" ({unread[0]!.Path} {unread[0]!.Reason})" : "")}. Give photos like those the network is for.");

        if (method == ActivationRange.LeastError)
        {
            ValueHistogram[] histograms = [.. tensors.Select((_, tensor) => new ValueHistogram(low[tensor], high[tensor]))];
            run.Run(read, (_, tensor, values) =>
            {
                var counted = new ValueHistogram(low[tensor], high[tensor]);
                counted.Add(values);
                lock (gate)
                    histograms[tensor].Add(counted);
            }, progress is null ? null : share => progress.Report((1 + share) / Passes), cancellation);
            for (var tensor = 0; tensor < tensors.Length; tensor++)
                (low[tensor], high[tensor]) = histograms[tensor].LeastError();
        }
        var scales = tensors.Index().ToDictionary(tensor => tensor.Item, tensor => AffineScale.Covering(low[tensor.Index], high[tensor.Index]));
        foreach (var tensor in plan.Tensors)
            scales.TryAdd(tensor, scales[plan.ScaledAs(tensor)]);
        return new CalibratedScales(scales, read, [.. unread.OfType<SkippedImage>()]);
    }
}
