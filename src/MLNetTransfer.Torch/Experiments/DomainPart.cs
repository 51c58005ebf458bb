using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Domains;
using MLNetTransfer.Images;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Torch.Experiments;

/// <summary>The readable images of a domain, or of its held-out part, with their features at one cut.</summary>
/// <param name="Images">The images in ordinal order of their paths.</param>
/// <param name="Features">One row an image.</param>
/// <param name="ContentHashes">SHA-256 of every image file, as it lies on the disk.</param>
/// <param name="Groups">The group of every image: copies of one picture share one.</param>
internal sealed record DomainPart(ImageSet Images, FeatureMatrix Features, IReadOnlyList<string> ContentHashes, IReadOnlyList<int> Groups)
{
    private const int VariantsAtOnce = 512;

    /// <summary>Lists the images of a domain, or of its held-out part, with the labels and classes of the experiment.</summary>
    public static ImageSet List(ExperimentDomain domain, string path, IReadOnlyList<string>? classes)
    {
        var images = domain.Labels is null ? ImageSet.Read(path) : Relabelled(domain.Labels, path);
        if (classes is null)
            return images;
        var kept = new ImageSet(images.Images.Where(image => classes.Contains(image.Label)), source: images.Source);
        return kept.Images.Count > 0 ? kept : throw new TransferException(
            $"Domains show the classes of the experiment ({Quoted(classes)}); received {Quoted(images.Classes)} in {images.Source}. Correct 'classes', or the folders.");
    }

    /// <summary>Featurises images.</summary>
    public static DomainPart Read(
        ExperimentDomain domain, ImageSet images, BottleneckExtractor extractor, List<SkippedImage> skipped, IProgress<TransferProgress>? progress, CancellationToken cancellation)
    {
        var variant = PictureVariant.Of(domain);
        string[] paths = [.. images.Images.Select(image => image.Path)];
        var total = paths.Length;
        var chunks = paths.Index().Chunk(variant is null ? Math.Max(1, total) : VariantsAtOnce).Select(chunk => (First: chunk[0].Index, Paths: chunk.Select(item => item.Item).ToArray()));
        var (rows, prints, hashes) = (new List<int>(), new List<ImageFingerprint>(), new List<string>());
        var values = new List<FeatureMatrix>();
        foreach (var (first, chunk) in chunks)
        {
            var bar = progress is null ? null : new Offset(progress, $"reading {domain.Name}", first, total);
            var extracted = variant is null ? extractor.Extract(chunk, bar, cancellation) : Varied(variant, chunk, extractor, bar, cancellation);
            rows.AddRange(extracted.Rows.Select(row => first + row));
            prints.AddRange(extracted.Fingerprints);
            hashes.AddRange(variant is null ? extracted.Fingerprints.Select(print => print.ContentHash) : extracted.Rows.Select(row => HashOf(chunk[row])));
            values.Add(extracted.Features);
            var read = extracted.Rows.ToHashSet();
            string[] missing = [.. chunk.Where((_, row) => !read.Contains(row))];
            skipped.AddRange(extracted.Skipped.Zip(missing, (image, path) => image with { Path = path }));
        }
        return new DomainPart(images.Subset(rows), Stacked(values), hashes, DuplicateGroups.Find(prints));
    }

    /// <summary>The images with the classes of a pair, which are those of its source.</summary>
    /// <exception cref="TransferException">An image shows another class.</exception>
    public LabeledFeatures Labeled(string name, ImageSet classes)
    {
        if (Images.Classes.FirstOrDefault(label => !classes.Classes.Contains(label)) is { } foreign)
            throw new TransferException($"Source and target share their classes ({Quoted(classes.Classes)}); received '{foreign}' in '{name}', {Images.Source}. Name the shared ones in 'classes', or rename it.");
        return new LabeledFeatures(Features, [.. Images.Images.Select(image => classes.LabelIndexOf(image.Label))], classes.Classes);
    }

    private static ImageSet Relabelled(string labels, string path)
    {
        var manifest = ImageManifest.Read(labels);
        var labelOf = manifest.Images.ToDictionary(image => Path.GetFullPath(image.Path), image => image.Label, StringComparer.Ordinal);
        var found = Directory.Exists(path) ? ImageFiles.Find([path]) : [.. ImageManifest.Read(path).Images.Select(image => image.Path)];
        var images = found.Where(image => labelOf.ContainsKey(Path.GetFullPath(image))).Select(image => new LabeledImage(image, labelOf[Path.GetFullPath(image)])).ToArray();
        return images.Length > 0 ? new ImageSet(images, source: $"'{path}' (labels of '{labels}')") : throw new TransferException(
            $"A manifest of labels lists images of the domain; '{labels}' lists none of the {found.Count} in '{path}'. Correct its paths, which start at its folder.");
    }

    private static BottleneckResult Varied(PictureVariant variant, string[] paths, BottleneckExtractor extractor, IProgress<int>? bar, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("mlnettransfer-variants-");
        try
        {
            var files = new string[paths.Length];
            Parallel.For(0, paths.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
            {
                var file = Path.Combine(folder.FullName, FormattableString.Invariant($"{i:0000}.png"));
                files[i] = variant.TryWrite(paths[i], file) ? file : paths[i];
            });
            return extractor.Extract(files, bar, cancellation);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string HashOf(string path)
    {
        using var encoded = EncodedBytes.Read(path);
        return EncodedBytes.HashOf(encoded.Span);
    }

    private static FeatureMatrix Stacked(List<FeatureMatrix> parts)
    {
        if (parts.Count == 1)
            return parts[0];
        var (rows, columns) = (parts.Sum(part => part.Rows), parts[0].Columns);
        var (values, next) = (FeatureMatrix.Allocate(rows, columns), 0);
        foreach (var part in parts)
            for (var row = 0; row < part.Rows; row++, next++)
                part.Row(row).CopyTo(values.AsSpan(next * columns));
        return new FeatureMatrix(rows, columns, values);
    }

    private static string Quoted(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));

    private sealed class Offset(IProgress<TransferProgress> bars, string stage, int before, int total) : IProgress<int>
    {
        public void Report(int value) => bars.Report(new TransferProgress(stage, before + value, total));
    }
}
