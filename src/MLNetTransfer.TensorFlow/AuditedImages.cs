using MLNetTransfer.Images;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.TensorFlow;

/// <summary>
/// Finds the images that ML.NET's trainer cannot read before it does: it leaves them out of training without a word, and gives them the
/// probabilities of the image before when it predicts.
/// </summary>
internal static class AuditedImages
{
    private static readonly Preprocessing Fingerprinting = Preprocessing.ImageNet(128);

    /// <summary>The readable images with their fingerprints, in the form in which parts are held out; of features they have none.</summary>
    public static FeaturisedImages Read(ImageSet images, string stage, IProgress<TransferProgress>? progress, CancellationToken cancellation)
    {
        var count = images.Images.Count;
        var (fingerprints, reasons) = (new ImageFingerprint[count], new string?[count]);
        var (done, gate) = (0, new Lock());
        Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellation }, () => new float[Fingerprinting.TensorLength], (i, _, tensor) =>
        {
            reasons[i] = Refuses(images.Images[i].Path, tensor, out fingerprints[i]);
            lock (gate)
                progress?.Report(new TransferProgress(stage, ++done, count));
            return tensor;
        }, _ => { });

        var byReadable = Enumerable.Range(0, count).ToLookup(i => reasons[i] is null);
        int[] rows = [.. byReadable[true]];
        return new FeaturisedImages(images.Subset(rows), new FeatureMatrix(rows.Length, 1, new float[rows.Length]), [.. rows.Select(row => fingerprints[row])],
            [.. byReadable[false].Select(i => new SkippedImage(images.Images[i].Path, reasons[i]!))]);
    }

    private static string? Refuses(string path, float[] tensor, out ImageFingerprint fingerprint)
    {
        try
        {
            ImageDecoder.Decode(path, Fingerprinting, tensor, out fingerprint);
            using var file = File.OpenRead(path);
            Span<byte> start = stackalloc byte[4];
            return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && (start is [0xFF, 0xD8, ..] or [0x89, (byte)'P', (byte)'N', (byte)'G'])
                ? null
                : "is neither JPEG nor PNG, which are all that TensorFlow reads here";
        }
        catch (ImageException error)
        {
            fingerprint = default;
            return error.Reason;
        }
    }
}
