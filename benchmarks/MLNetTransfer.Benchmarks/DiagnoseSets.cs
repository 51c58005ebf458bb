using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Diagnosis;
using MLNetTransfer.Images;
using SkiaSharp;

namespace MLNetTransfer.Benchmarks;

/// <summary>Domains for the benchmark of diagnoses, featurised once: the embedded surfaces, the shared sets where they are there, and altered copies.</summary>
internal sealed class DiagnoseSets : IDisposable
{
    private readonly BottleneckExtractor _extractor;
    private readonly Dictionary<string, DomainSample> _sets = [];
    private readonly Dictionary<string, DomainSample> _copies = [];
    private readonly string _altered = Directory.CreateTempSubdirectory("mlnettransfer-diagnose-").FullName;

    public DiagnoseSets(Backbones.Backbone backbone)
    {
        Side = backbone.Preprocessing.Side;
        _extractor = new BottleneckExtractor(backbone.CutAt(backbone.FindCut(Backbones.Cut.Last)));
        var root = FeaturiseOptions.Repository();
        var (surfaces, shared) = (Path.Combine(root, "data", "surfaces"), Path.Combine(root, "..", "shared", "data"));
        foreach (var (name, folder) in new[]
        {
            ("concrete", Path.Combine(surfaces, "concrete")), ("asphalt", Path.Combine(surfaces, "asphalt", "test")), ("plaster", Path.Combine(surfaces, "plaster", "test")),
            ("ants-bees", Path.Combine(shared, "ants-bees")), ("flowers", Path.Combine(shared, "flowers")), ("cracks", Path.Combine(shared, "concrete-cracks")),
            ("amazon", Path.Combine(shared, "office-caltech10", "images", "amazon")), ("webcam", Path.Combine(shared, "office-caltech10", "images", "webcam")),
        })
            if (Directory.Exists(folder))
                _sets.Add(name, Read(name, ImageFolder.Read(folder).Images).WithoutCopies());
    }

    /// <summary>Ways to alter images, weak to strong.</summary>
    public static IReadOnlyList<(string Name, SKColorFilter? Colour, float Blur)> Alterations { get; } =
    [
        .. new[] { .95f, .9f, .8f, .6f }.Select(gain => (FormattableString.Invariant($"brightness x {gain}"), (SKColorFilter?)Colours(gain, 0), 0f)),
        .. new[] { .5f, 1, 2 }.Select(sigma => (FormattableString.Invariant($"blur, sigma {sigma}"), (SKColorFilter?)null, sigma)),
        .. new[] { .5f, 1 }.Select(share => (FormattableString.Invariant($"colour x {1 - share}"), (SKColorFilter?)Colours(1, share), 0f)),
    ];

    public int Side { get; }

    public IReadOnlyCollection<string> Names => _sets.Keys;

    public IEnumerable<(string Source, string Target)> Pairs =>
        new[] { ("concrete", "asphalt"), ("concrete", "plaster"), ("asphalt", "plaster"), ("cracks", "concrete"), ("amazon", "webcam") }
            .Where(pair => _sets.ContainsKey(pair.Item1) && _sets.ContainsKey(pair.Item2));

    public DomainSample Rows(string set, int[] rows) => _sets[set].Select(rows);

    public DomainSample Draw(string set, int count, RandomStream random) => Rows(set, Shuffled(set, random)[..Math.Min(count, _sets[set].Paths.Count)]);

    public (int[] First, int[] Second) Halves(string set, RandomStream random)
    {
        var rows = Shuffled(set, random);
        return (rows[..(rows.Length / 2)], rows[(rows.Length / 2)..]);
    }

    /// <summary>Two parts of a set without an image in common.</summary>
    public (DomainSample Source, DomainSample Target) Split(string set, int sources, int targets, RandomStream random)
    {
        var (first, second) = Halves(set, random);
        return (Rows(set, first[..Math.Min(sources, first.Length)]), Rows(set, second[..Math.Min(targets, second.Length)]));
    }

    /// <summary>The chosen images, altered: copies are written, and read as any image.</summary>
    public DomainSample Altered(string set, (string Name, SKColorFilter? Colour, float Blur) alteration, int[] rows)
    {
        var key = $"{set}/{alteration.Name}";
        if (!_copies.ContainsKey(key))
        {
            var folder = Directory.CreateDirectory(Path.Combine(_altered, $"{_copies.Count}")).FullName;
            var written = _sets[set].Paths.Select((path, i) => new LabeledImage(Write(path, Path.Combine(folder, $"{i:00000}.jpg"), alteration), _sets[set].Labels![i])).ToArray();
            _copies.Add(key, Read(key, written));
        }
        return _copies[key].Select(rows);
    }

    /// <summary>As many images as there are with this share of the first class.</summary>
    public static DomainSample WithShare(DomainSample sample, double share)
    {
        var first = Enumerable.Range(0, sample.Paths.Count).ToLookup(row => sample.Labels![row] == sample.Classes![0]);
        var size = Math.Min(share == 0 ? double.PositiveInfinity : first[true].Count() / share, share == 1 ? double.PositiveInfinity : first[false].Count() / (1 - share));
        return sample.Select([.. first[true].Take((int)Math.Round(share * size)), .. first[false].Take((int)Math.Round((1 - share) * size))]);
    }

    public void Dispose()
    {
        _extractor.Dispose();
        Directory.Delete(_altered, recursive: true);
    }

    private int[] Shuffled(string set, RandomStream random)
    {
        int[] rows = [.. Enumerable.Range(0, _sets[set].Paths.Count)];
        random.Shuffle<int>(rows);
        return rows;
    }

    private DomainSample Read(string name, IReadOnlyList<LabeledImage> images)
    {
        var extracted = _extractor.Extract([.. images.Select(image => image.Path)]);
        var read = extracted.Rows.Select(row => images[row]).ToArray();
        return new DomainSample(name, [.. read.Select(image => image.Path)], extracted.Features, extracted.Fingerprints,
            [.. read.Select(image => ImageTraits.Read(image.Path))], [.. read.Select(image => image.Label)]);
    }

    private static string Write(string from, string to, (string Name, SKColorFilter? Colour, float Blur) alteration)
    {
        using var bitmap = SKBitmap.Decode(from);
        using var altered = new SKBitmap(bitmap.Info);
        using (var canvas = new SKCanvas(altered))
        using (var paint = new SKPaint { ColorFilter = alteration.Colour, ImageFilter = alteration.Blur > 0 ? SKImageFilter.CreateBlur(alteration.Blur, alteration.Blur) : null })
            canvas.DrawBitmap(bitmap, 0, 0, paint);
        using var data = altered.Encode(SKEncodedImageFormat.Jpeg, 92);
        File.WriteAllBytes(to, data.ToArray());
        return to;
    }

    /// <summary>Multiplies the brightness and takes a share of the colour away.</summary>
    private static SKColorFilter Colours(float gain, float grey)
    {
        const float Red = .299f, Green = .587f, Blue = .114f;
        float[] Row(int channel) => [.. new[] { Red, Green, Blue }.Select((luma, i) => gain * ((grey * luma) + (i == channel ? 1 - grey : 0))), 0, 0];
        return SKColorFilter.CreateColorMatrix([.. Row(0), .. Row(1), .. Row(2), 0, 0, 0, 1, 0]);
    }
}
