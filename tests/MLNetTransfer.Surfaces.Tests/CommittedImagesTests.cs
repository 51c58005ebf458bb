using System.Numerics;
using System.Security.Cryptography;
using MLNetTransfer.TestSupport;
using SkiaSharp;

namespace MLNetTransfer.Surfaces.Tests;

/// <summary>What the embedded images must be, measured on the committed files.</summary>
public sealed class CommittedImagesTests
{
    private sealed record Measured(SurfaceImage Image, string Digest, long Bytes, double Mean, double Contrast, double Roughness, (ulong Across, ulong Down) Hash);

    private static readonly Lazy<Measured[]> All = new(() => [.. SurfaceSet.Plan.AsParallel().AsOrdered().Select(Measure)]);

    public static TheoryData<string> DomainNames => [.. SurfaceDomains.All.Select(domain => domain.Name)];

    [Fact]
    public void Folder_Files_AreThePlanAndItsDigests()
    {
        var root = Repository.Path("data", "surfaces");
        var files = Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'));
        Assert.Equal(SurfaceSet.Plan.Select(image => image.Path).Append(SurfaceSet.DigestFile).Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));
        Assert.Equal(All.Value.Select(m => $"{m.Digest}  {m.Image.Path}"), File.ReadAllLines(Path.Combine(root, SurfaceSet.DigestFile)));
    }

    [Fact]
    public void Data_AllFiles_StayBelowSixMegabytes() =>
        Assert.InRange(Directory.EnumerateFiles(Repository.Path("data"), "*", SearchOption.AllDirectories).Sum(path => new FileInfo(path).Length), 1, 6_000_000);

    [Fact]
    public void Images_ContentAndDifferenceHash_NeverRepeat()
    {
        var all = All.Value;
        Assert.Equal(all.Length, all.Select(m => m.Digest).Distinct().Count());
        for (var i = 0; i < all.Length; i++)
            for (var j = i + 1; j < all.Length; j++)
            {
                var differing = BitOperations.PopCount(all[i].Hash.Across ^ all[j].Hash.Across) + BitOperations.PopCount(all[i].Hash.Down ^ all[j].Hash.Down);
                // Recompressed or resized copies stay within 6 of the 128 bits.
                Assert.True(differing > 8, $"{all[i].Image.Path} looks like {all[j].Image.Path}: {differing} bits differ.");
            }
    }

    [Theory]
    [MemberData(nameof(DomainNames))]
    public void Classes_BestThresholdOnAShallowMeasure_StaysBelowThreeQuarters(string domain)
    {
        var all = All.Value.Where(m => m.Image.Domain.Name == domain).ToArray();
        Assert.InRange(BestThreshold(all, m => m.Mean), 0.5, 0.75);
        Assert.InRange(BestThreshold(all, m => m.Contrast), 0.5, 0.75);
        Assert.InRange(BestThreshold(all, m => m.Bytes), 0.5, 0.75);
    }

    [Fact]
    public void Domains_MeanContrastAndRoughness_DifferAsRealOnesDo()
    {
        var (asphalt, concrete, plaster) = (Of("asphalt"), Of("concrete"), Of("plaster"));
        Assert.True(asphalt.Mean + 30 < concrete.Mean, $"asphalt {asphalt.Mean:0.0}, concrete {concrete.Mean:0.0}");
        Assert.True(concrete.Mean + 8 < plaster.Mean, $"concrete {concrete.Mean:0.0}, plaster {plaster.Mean:0.0}");
        Assert.True(concrete.Contrast * 1.2 < plaster.Contrast, $"concrete {concrete.Contrast:0.0}, plaster {plaster.Contrast:0.0}");
        Assert.True(concrete.Roughness * 1.2 < asphalt.Roughness, $"concrete {concrete.Roughness:0.0}, asphalt {asphalt.Roughness:0.0}");
    }

    private static (double Mean, double Contrast, double Roughness) Of(string domain)
    {
        var all = All.Value.Where(m => m.Image.Domain.Name == domain).ToArray();
        return (all.Average(m => m.Mean), all.Average(m => m.Contrast), all.Average(m => m.Roughness));
    }

    /// <summary>Accuracy of the best rule "cracked if above (or below) a threshold", the threshold chosen with the labels in sight.</summary>
    private static double BestThreshold(Measured[] all, Func<Measured, double> measure)
    {
        var sorted = all.OrderBy(measure).ToArray();
        var correct = sorted.Count(m => m.Image.Cracked);
        var best = Math.Max(correct, sorted.Length - correct);
        foreach (var m in sorted)
        {
            correct += m.Image.Cracked ? -1 : 1;
            best = Math.Max(best, Math.Max(correct, sorted.Length - correct));
        }
        return (double)best / sorted.Length;
    }

    private static Measured Measure(SurfaceImage image)
    {
        var bytes = File.ReadAllBytes(Repository.Path("data", "surfaces", image.Path));
        using var bitmap = SKBitmap.Decode(bytes) ?? throw new InvalidDataException($"{image.Path} does not decode.");
        Assert.Equal((SurfaceRenderer.Side, SurfaceRenderer.Side), (bitmap.Width, bitmap.Height));
        var luminance = Luminance.Of(bitmap);
        return new(image, Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length, luminance.Average(), Luminance.Deviation(luminance),
            Luminance.Roughness(luminance, bitmap.Width), Luminance.DifferenceHash(luminance, bitmap.Width));
    }
}
