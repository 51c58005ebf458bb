using SkiaSharp;

namespace MLNetTransfer.Surfaces.Tests;

public sealed class SurfaceRendererTests
{
    public static TheoryData<string> DomainNames => [.. SurfaceDomains.All.Select(domain => domain.Name)];

    [Theory]
    [MemberData(nameof(DomainNames))]
    public void Render_ManyThreads_GivesTheBytesOfOne(string name)
    {
        var domain = SurfaceDomains.All.Single(d => d.Name == name);
        byte[][] alone = [.. Enumerable.Range(0, 8).Select(i => SurfaceRenderer.Render(domain, i % 2 == 0, (ulong)i))];
        var together = new byte[alone.Length][];
        Parallel.For(0, alone.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => together[i] = SurfaceRenderer.Render(domain, i % 2 == 0, (ulong)i));
        Assert.Equal(alone, together);
    }

    [Theory]
    [MemberData(nameof(DomainNames))]
    public void Render_SameSeedBothClasses_DiffersByTheCrackAlone(string name)
    {
        var domain = SurfaceDomains.All.Single(d => d.Name == name);
        using var cracked = SKBitmap.Decode(SurfaceRenderer.Render(domain, cracked: true, 42));
        using var intact = SKBitmap.Decode(SurfaceRenderer.Render(domain, cracked: false, 42));
        Assert.Equal((SurfaceRenderer.Side, SurfaceRenderer.Side), (cracked.Width, cracked.Height));
        var (left, right) = (Luminance.Of(cracked), Luminance.Of(intact));
        var changed = Enumerable.Range(0, left.Length).Count(i => Math.Abs(left[i] - right[i]) > 25);
        // A crack is thin: it darkens some pixels much, and far from all.
        Assert.InRange(changed, 30, left.Length / 3);
    }

    [Fact]
    public void Render_OtherSeed_IsAnotherPicture() =>
        Assert.NotEqual(SurfaceRenderer.Render(SurfaceDomains.Concrete, false, 1), SurfaceRenderer.Render(SurfaceDomains.Concrete, false, 2));
}
