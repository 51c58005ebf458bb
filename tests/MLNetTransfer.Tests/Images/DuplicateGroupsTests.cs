using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using SkiaSharp;

namespace MLNetTransfer.Tests.Images;

public sealed class DuplicateGroupsTests
{
    private const ulong Mixed = 0x0f3c_5a96_c3a5_69f0;

    [Fact]
    public void Find_CopiesByBytesAndByPixels_AreGroupedTransitively()
    {
        ImageFingerprint[] fingerprints =
        [
            new("a", Mixed, Mixed),
            new("b", ~Mixed, Mixed),
            new("c", Mixed ^ 0b111111, Mixed), // 6 bits from a
            new("d", Mixed ^ 0b111111, Mixed ^ 0b111111), // 6 bits from c, 12 from a
            new("e", Mixed, Mixed ^ (0b1111111ul << 40)), // 7 bits from a
            new("b", ~Mixed, Mixed),
        ];
        Assert.Equal([0, 1, 0, 0, 2, 1], DuplicateGroups.Find(fingerprints));
    }

    [Fact]
    public void Find_FlatPictures_AreNoDuplicatesUnlessTheirFilesAre() =>
        Assert.Equal([0, 1, 2, 0], DuplicateGroups.Find([new("a", 0, 0), new("b", 0, 1), new("c", ulong.MaxValue, 0), new("a", 0, 0)]));

    [Fact]
    public void Find_RecompressedAndHalvedCopies_JoinTheirOriginals()
    {
        var preprocessing = Preprocessing.ImageNet(64);
        var fingerprints = new List<ImageFingerprint>();
        for (var seed = 0; seed < 5; seed++)
        {
            var picture = Blobs(seed);
            foreach (var bytes in new[] { Encode(picture, 160, 95), Encode(picture, 160, 60), Encode(picture, 80, 90) })
            {
                ImageDecoder.Decode(bytes, "blobs", preprocessing, new float[preprocessing.TensorLength], out var fingerprint);
                fingerprints.Add(fingerprint);
            }
        }
        Assert.Equal([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4], DuplicateGroups.Find(fingerprints));
    }

    /// <summary>All photos differ, though those of concrete look alike; flowers hold one grey copy of a colour photo.</summary>
    [Theory]
    [InlineData("concrete-cracks", 0)]
    [InlineData("ants-bees", 0)]
    [InlineData("flowers", 1)]
    public void Find_RealPhotos_MergesOnlyCopies(string name, int copies)
    {
        var preprocessing = Preprocessing.ImageNet(224);
        var set = ImageSet.Read(Repository.SharedOrSkip("data", name));
        var fingerprints = set.Images.AsParallel().AsOrdered().Select(image =>
        {
            ImageDecoder.Decode(image.Path, preprocessing, new float[preprocessing.TensorLength], out var fingerprint);
            return fingerprint;
        }).ToArray();
        Assert.Equal(set.Images.Count - copies, DuplicateGroups.Find(fingerprints).Distinct().Count());
    }

    /// <summary>A drawing of soft discs, whose coarse brightness differs from seed to seed.</summary>
    private static SKBitmap Blobs(int seed)
    {
        var random = new Random(seed);
        var bitmap = new SKBitmap(160, 160);
        using var canvas = new SKCanvas(bitmap);
        using var paint = new SKPaint { IsAntialias = true };
        canvas.Clear(SKColors.Gray);
        for (var i = 0; i < 60; i++)
        {
            paint.Color = new SKColor((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
            canvas.DrawCircle(random.Next(160), random.Next(160), random.Next(8, 30), paint);
        }
        return bitmap;
    }

    private static byte[] Encode(SKBitmap picture, int side, int quality)
    {
        using var resized = picture.Resize(new SKImageInfo(side, side), SKFilterQuality.Medium);
        using var image = SKImage.FromBitmap(resized);
        using var data = image.Encode(SKEncodedImageFormat.Jpeg, quality);
        return data.ToArray();
    }
}
