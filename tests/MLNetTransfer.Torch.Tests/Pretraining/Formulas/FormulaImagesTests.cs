using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MLNetTransfer.Torch.Pretraining.Formulas;

namespace MLNetTransfer.Torch.Tests.Pretraining.Formulas;

public sealed class FormulaImagesTests
{
    [Fact]
    public void Render_AnyOrderAndThread_SameBits()
    {
        const int Count = 48;
        var expected = Enumerable.Range(0, Count).Select(i => Render(new FormulaImages(7, "training", 32), i)).ToArray();
        var shared = new FormulaImages(7, "training", 32);
        var received = new float[Count][];
        Parallel.For(0, Count, i => received[Count - 1 - i] = Render(shared, Count - 1 - i));
        Assert.Equal(expected, received);
    }

    [Fact]
    public void Render_OtherSeedOrPart_OtherImages()
    {
        FormulaImages[] streams = [new(1, "training", 32), new(2, "training", 32), new(1, "held-out", 32)];
        var images = streams.SelectMany(stream => Enumerable.Range(0, 20).Select(i => Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes<float>(Render(stream, i)))))).ToList();
        Assert.Equal(60, images.Distinct().Count());
        var labels = streams.Select(stream => Enumerable.Range(0, 20).Select(i => stream.FormulaOf(i)).ToArray()).ToArray();
        Assert.NotEqual(labels[0], labels[1]);
        Assert.NotEqual(labels[0], labels[2]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.6)]
    public void Render_EveryClass_ShowsSomethingFrom0To1(double things)
    {
        var images = new FormulaImages(3, "training", 48, things);
        var seen = new HashSet<int>();
        var classes = FormulaImages.Classes + (things > 0 ? FormulaImages.ThingClasses : 0);
        for (var i = 0L; seen.Count < classes; i++)
        {
            Assert.True(i < 100 * classes, $"After {i} images only {seen.Count} of {classes} classes came.");
            if (!seen.Add(images.FormulaOf(i)))
                continue;
            var pixels = Render(images, i);
            Assert.True(pixels.All(value => value is >= 0 and <= 1), $"Image {i} of class {images.FormulaOf(i)} leaves 0..1 or is not a number.");
            Assert.True(Deviation(pixels) > 0.005, $"Image {i} of class {images.FormulaOf(i)} is flat: its deviation is {Deviation(pixels)}.");
        }
    }

    [Fact]
    public void Render_Returns_FormulaOf()
    {
        var images = new FormulaImages(5, "training", 16);
        var pixels = new float[3 * 16 * 16];
        Assert.All(Enumerable.Range(0, 50), i => Assert.Equal(images.FormulaOf(i), images.Render(i, pixels).Formula));
    }

    [Fact]
    public void Render_LargerBuffer_WritesItsImageAlone()
    {
        var images = new FormulaImages(5, "training", 16);
        var pixels = new float[(3 * 16 * 16) + 1];
        pixels[^1] = 42;
        images.Render(0, pixels);
        Assert.Equal([.. Render(images, 0), 42], pixels);
    }

    /// <summary>Chi-square of a uniform draw: mean k - 1, variance 2 (k - 1); six deviations are never left by chance.</summary>
    [Fact]
    public void FormulaOf_ManyImages_IsUniform() => AssertUniform(new FormulaImages(1, "training", 16), 0, FormulaImages.Classes);

    [Fact]
    public void FormulaOf_ThingsAlone_IsUniformOverThem() =>
        AssertUniform(new FormulaImages(1, "training", 16, things: 1), FormulaImages.Classes, FormulaImages.ThingClasses);

    [Fact]
    public void FormulaOf_SomeThings_AreThatShare()
    {
        const int Count = 20_000;
        var images = new FormulaImages(1, "training", 16, things: 0.3);
        var things = Enumerable.Range(0, Count).Count(i => images.FormulaOf(i) >= FormulaImages.Classes);
        Assert.InRange(things / (double)Count, 0.3 - 0.02, 0.3 + 0.02);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void Constructor_ShareOfThingsOutOfRange_Throws(double things) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FormulaImages(1, "training", 16, things));

    [Fact]
    public void Classes_Families_AddUp()
    {
        Assert.Equal(FormulaImages.Classes, FormulaImages.Families.Sum(family => family.Classes));
        Assert.Equal(FormulaImages.Families.Count, FormulaImages.Families.Select(family => family.Name).Distinct().Count());
    }

    [Fact]
    public void Constructor_SideTooSmall_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => new FormulaImages(1, "training", 15));

    /// <summary>
    /// Notices an accidental change of the renderer, which would make checkpoints and the model card lie. Measured on Linux x64, values
    /// quantised to 8 bit; sines of other platforms may round differently. After a change that was meant, put in the new sum.
    /// </summary>
    [Theory]
    [InlineData(0, "34e336b497aef1bd8abd3e593fd5a9e6")]
    [InlineData(1, "73cdce0759b02e04528e4f402736e770")]
    public void Render_FirstImages_HaveTheRecordedSum(double things, string expected)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64, "The sum was measured on Linux x64.");
        var images = new FormulaImages(1, "training", 64, things);
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < 64; i++)
            sum.AppendData(Array.ConvertAll(Render(images, i), value => (byte)MathF.Round(value * 255)));
        Assert.Equal(expected, Convert.ToHexStringLower(sum.GetHashAndReset())[..32]);
    }

    private static void AssertUniform(FormulaImages images, int first, int classes)
    {
        const double Expected = 200;
        var counts = new int[classes];
        for (var i = 0; i < Expected * classes; i++)
            counts[images.FormulaOf(i) - first]++;
        var freedom = classes - 1;
        Assert.InRange(counts.Sum(count => (count - Expected) * (count - Expected) / Expected), freedom - (6 * Math.Sqrt(2.0 * freedom)), freedom + (6 * Math.Sqrt(2.0 * freedom)));
    }

    private static float[] Render(FormulaImages images, long index)
    {
        var pixels = new float[3 * images.Side * images.Side];
        images.Render(index, pixels);
        return pixels;
    }

    private static double Deviation(float[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (double)(value - mean)));
    }
}
