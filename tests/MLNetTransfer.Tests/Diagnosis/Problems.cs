using MLNetTransfer.Diagnosis;
using MLNetTransfer.Images;

namespace MLNetTransfer.Tests.Diagnosis;

/// <summary>Domains made of normal random numbers, where the truth about them is known.</summary>
internal static class Problems
{
    public const int Side = 32;

    private static readonly ImageTraits Colour = new("JPEG", 3, 8, 64, 48, false);

    /// <summary>Standard normal features; the first one is shifted.</summary>
    public static FeatureMatrix Normal(int rows, int columns, RandomStream random, double shift = 0)
    {
        var values = new float[rows * columns];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(random.NextNormal() + (i % columns == 0 ? shift : 0));
        return new FeatureMatrix(rows, columns, values);
    }

    /// <summary>
    /// A domain of two classes, 'a' and 'b', two deviations apart along the last feature; the first feature is shifted. Every image is a picture of its own.
    /// </summary>
    public static DomainSample Domain(string name, int images, int seed, double shift = 0, double shareOfA = .5, int features = 8)
    {
        var random = RandomStream.Derive(seed, name);
        var matrix = Normal(images, features, random, shift);
        var values = new float[images * features];
        string[] labels = [.. Enumerable.Range(0, images).Select(i => i < shareOfA * images ? "a" : "b")];
        for (var i = 0; i < images; i++)
        {
            matrix.Row(i).CopyTo(values.AsSpan(i * features));
            values[(i * features) + features - 1] += labels[i] == "a" ? -1.5f : 1.5f;
        }
        return new DomainSample(name, [.. Enumerable.Range(0, images).Select(i => $"{name}/{labels[i]}/{i:000}.jpg")], new FeatureMatrix(images, features, values),
            [.. Enumerable.Range(0, images).Select(i => new ImageFingerprint($"{name} {i}", 0, 0))], [.. Enumerable.Repeat(Colour, images)], labels);
    }

    public static DomainSample WithTraits(this DomainSample domain, Func<ImageTraits, ImageTraits> change) => domain with { Traits = [.. domain.Traits.Select(change)] };

    public static DomainSample WithLabels(this DomainSample domain, Func<string, string>? change) =>
        domain with { Labels = change is null ? null : [.. domain.Labels!.Select(change)] };

    public static DiagnosisResult Diagnose(DomainSample source, DomainSample target) =>
        DiagnosisRule.Decide(DomainExamination.Examine(source, target, Side, permutations: 199, seed: 1));

    /// <summary>The largest distance of a sample of p-values from the uniform distribution (Kolmogorov and Smirnov).</summary>
    public static double DistanceFromUniform(IEnumerable<double> pValues)
    {
        var sorted = pValues.Order().ToArray();
        return sorted.Select((p, i) => Math.Max(Math.Abs(p - ((double)i / sorted.Length)), Math.Abs(p - ((i + 1.0) / sorted.Length)))).Max();
    }
}
