using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Transfer;
using SkiaSharp;

namespace MLNetTransfer.Tests.Transfer;

public sealed class HeldOutPartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public HeldOutPartTests()
    {
        Drawings.WriteSet(Train, 8, seed: 1, "dots", "stripes");
        Drawings.WriteSet(Test, 4, seed: 2, "dots", "stripes");
    }

    private string Train => Path.Combine(_folder.Path, "train");

    private string Test => Path.Combine(_folder.Path, "test");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Train_FileInBothSets_IsRefusedWithBothPaths()
    {
        var (one, other) = (Path.Combine(Train, "dots", "000.png"), Path.Combine(Test, "dots", "renamed.png"));
        File.Copy(one, other);
        var message = Assert.Throws<TransferException>(TrainOnBoth).Message;
        Assert.Contains(one, message);
        Assert.Contains(other, message);
    }

    [Fact]
    public void Train_NearCopyOfATestImage_IsLeftOutOfTrainingWithTheReason()
    {
        var copy = Path.Combine(Train, "dots", "copy.jpg");
        Drawings.Write(copy, "dots", 2000, SKEncodedImageFormat.Jpeg, 90);
        var result = TrainOnBoth();
        var skipped = Assert.Single(result.Skipped);
        Assert.Equal(copy, skipped.Path);
        Assert.Equal($"shows nearly the same picture as the test image '{Path.Combine(Test, "dots", "000.png")}'", skipped.Reason);
        Assert.Equal(16, result.Model.Card.Images);
        Assert.Equal(8, result.Test!.Result.Images);
    }

    [Fact]
    public void Train_NearCopiesAmongTheData_AreHeldOutTogetherOrNotAtAll()
    {
        for (var i = 0; i < 8; i++)
            Drawings.Write(Path.Combine(Train, "dots", $"{i:000}.jpg"), "dots", 1000 + i, SKEncodedImageFormat.Jpeg, 90);
        var result = TransferTrainer.Train(ImageFolder.Read(Train), TrainedTask.Options());
        static IEnumerable<string> Names(EvaluatedImages part) =>
            part.Images.Images.Where(image => image.Label == "dots").Select(image => Path.GetFileNameWithoutExtension(image.Path)).Distinct();
        Assert.Empty(Names(result.Test!).Intersect(Names(result.Validation)));
    }

    [Fact]
    public void Train_AllOfAClassNearTheTestImages_SaysWhyTooFewAreLeft()
    {
        Directory.Delete(Path.Combine(Train, "dots"), recursive: true);
        for (var i = 0; i < 4; i++)
            Drawings.Write(Path.Combine(Train, "dots", $"{i:000}.jpg"), "dots", 2000 + i, SKEncodedImageFormat.Jpeg, 90);
        var message = Assert.Throws<TransferException>(TrainOnBoth).Message;
        Assert.Contains("with 4 left out because they show nearly the same as test images, 0 of 'dots'", message);
    }

    [Fact]
    public void Train_NoReadableTestImage_IsRefused()
    {
        Directory.Delete(Test, recursive: true);
        File.WriteAllText(_folder.File("test", "dots", "a.png"), "no picture");
        Assert.Contains("received none in", Assert.Throws<TransferException>(TrainOnBoth).Message);
    }

    [Fact]
    public void Train_OneClass_IsRefused()
    {
        Directory.Delete(Path.Combine(Train, "stripes"), recursive: true);
        Assert.Contains("Expected 2 or more classes; received 1 ('dots')", Assert.Throws<TransferException>(TrainAlone).Message);
    }

    [Fact]
    public void Train_OneReadableImageOfAClass_IsRefused()
    {
        Keep("dots", 1);
        Assert.Contains("received 1 of 'dots'", Assert.Throws<TransferException>(TrainAlone).Message);
        File.WriteAllText(Path.Combine(Train, "dots", "b.png"), "no picture");
        Assert.Contains("received 1 of 'dots'", Assert.Throws<TransferException>(TrainAlone).Message);
        Assert.Contains("received 1 of 'dots'", Assert.Throws<TransferException>(TrainOnBoth).Message);
    }

    [Fact]
    public void Train_TwoImagesOfAClass_TrainsWithATestSetAndSaysWhyNotWithout()
    {
        Keep("dots", 2);
        Assert.Equal(10, TrainOnBoth().Model.Card.Images);
        var message = Assert.Throws<TransferException>(TrainAlone).Message;
        Assert.Contains("with 3 of 10 held out, 1 of 'dots'", message);
        Assert.Contains("give a test set", message);
    }

    [Fact]
    public void Train_EmptyClassFolder_IsRefused()
    {
        Directory.CreateDirectory(Path.Combine(Train, "rings"));
        Assert.Contains(Path.Combine(Train, "rings"), Assert.Throws<TransferException>(TrainAlone).Message);
    }

    private TransferResult TrainAlone() => TransferTrainer.Train(ImageFolder.Read(Train), TrainedTask.Options());

    private TransferResult TrainOnBoth() => TransferTrainer.Train(ImageFolder.Read(Train), TrainedTask.Options(ImageFolder.Read(Test)));

    private void Keep(string name, int count)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Train, name)).Order(StringComparer.Ordinal).Skip(count))
            File.Delete(file);
    }
}
