using MLNetTransfer.Backbones;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Domains;

namespace MLNetTransfer.Diagnosis;

/// <summary>Tells which of the three scenarios a source and a target are: by their files, by the features of a pretrained network, and by labels where there are any.</summary>
public static class DomainDiagnosis
{
    /// <summary>Compares two domains.</summary>
    /// <param name="source">The source: two classes or more.</param>
    /// <param name="target">The target, labelled or not. Labels are evidence of the question asked, and nothing else is made of them.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Receives the number of images read so far, of <see cref="ImagesToRead"/>; called from any thread, one at a time.</param>
    /// <param name="cancellation">Stops the reading within a second.</param>
    /// <exception cref="TransferException">The images or options cannot be used; the message says what and why.</exception>
    /// <exception cref="OperationCanceledException">The diagnosis was cancelled.</exception>
    public static DiagnosisResult Run(
        LabeledDomain source, ImageDomain target, DiagnosisOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        options ??= new DiagnosisOptions();
        options.Validate();
        source.Images.RequireTrainable();
        var backbone = options.Backbone ?? Backbone.Embedded;
        using var extractor = new BottleneckExtractor(backbone.CutAt(backbone.FindCut(options.Cut)), options.Threads, options.Cache);

        var skipped = new List<SkippedImage>();
        var read = Examined(source, options).Count;
        var sourceSample = Read(source, progress, 0);
        var targetSample = Read(target, progress, read);
        var evidence = DomainExamination.Examine(sourceSample, targetSample, backbone.Preprocessing.Side, options.Permutations, options.Seed);
        var result = DiagnosisRule.Decide(evidence);
        return new DiagnosisResult(result.Scenario, result.Reasons, result.Recommendation, evidence) { Skipped = skipped };

        DomainSample Read(ImageDomain domain, IProgress<int>? bar, int before)
        {
            var rows = Examined(domain, options);
            string[] paths = [.. rows.Select(row => domain.Paths[row])];
            var extracted = extractor.Extract(paths, bar is null ? null : new Offset(bar, before), cancellation);
            skipped.AddRange(extracted.Skipped);
            if (extracted.Rows.Count == 0)
                throw new TransferException($"A domain has 1 or more readable images; received none in '{domain.Name}': '{extracted.Skipped[0].Path}' {extracted.Skipped[0].Reason}. Check the folder.");
            string[] readable = [.. extracted.Rows.Select(row => paths[row])];
            var traits = new ImageTraits[readable.Length];
            Parallel.For(0, readable.Length, new ParallelOptions { MaxDegreeOfParallelism = options.Threads ?? -1, CancellationToken = cancellation },
                i => traits[i] = ImageTraits.Read(readable[i]));
            return new DomainSample(domain.Name, readable, extracted.Features, extracted.Fingerprints, traits,
                domain is LabeledDomain labelled ? [.. extracted.Rows.Select(row => labelled.Images.Images[rows[row]].Label)] : null);
        }
    }

    /// <summary>How many images a diagnosis reads.</summary>
    public static int ImagesToRead(LabeledDomain source, ImageDomain target, DiagnosisOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        var most = (options ?? new DiagnosisOptions()).MostImages;
        return Math.Min(most, source.Paths.Count) + Math.Min(most, target.Paths.Count);
    }

    /// <summary>The positions of the images that are examined, in the order of the paths.</summary>
    private static List<int> Examined(ImageDomain domain, DiagnosisOptions options)
    {
        int[] rows = [.. Enumerable.Range(0, domain.Paths.Count)];
        if (rows.Length > options.MostImages)
            RandomStream.Derive(options.Seed, "examined images").Shuffle<int>(rows);
        return [.. rows.Take(options.MostImages).Order()];
    }

    private sealed class Offset(IProgress<int> bar, int before) : IProgress<int>
    {
        public void Report(int value) => bar.Report(before + value);
    }
}
