using System.Text;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Tests.Images;

public sealed class ImageManifestTests
{
    [Theory]
    [InlineData("m.csv", "a.jpg,cat\nb.jpg,dog\n")]
    [InlineData("m.csv", "path,label\na.jpg,cat\nb.jpg,dog")]
    [InlineData("m.csv", "\ufeffpath,label\r\na.jpg,cat\r\n\r\nb.jpg,dog\r\n")]
    [InlineData("m.csv", "\ufeffa.jpg,cat\rb.jpg,dog\r")]
    [InlineData("m.csv", "Label,Split,Path\ncat,train,a.jpg\ndog,test,b.jpg\n")]
    [InlineData("m.csv", "path;label\na.jpg;cat\nb.jpg;dog\n")]
    [InlineData("m.csv", "\"a.jpg\",\"cat\"\nb.jpg,\"dog\"\n")]
    [InlineData("m.tsv", "a.jpg\tcat\nb.jpg\tdog\n")]
    [InlineData("m.TSV", "path\tlabel\na.jpg\tcat\nb.jpg\tdog\n")]
    [InlineData("m.txt", "a.jpg\tcat\nb.jpg\tdog\n")]
    public void Read_EveryDialect_GivesTheSameSet(string name, string text)
    {
        using var folder = new TemporaryFolder();
        var set = Read(folder, name, text);
        LabeledImage[] expected = [new(Path.Combine(folder.Path, "a.jpg"), "cat"), new(Path.Combine(folder.Path, "b.jpg"), "dog")];
        Assert.Equal(expected, set.Images);
        Assert.Equal(["cat", "dog"], set.Classes);
    }

    [Fact]
    public void Read_QuotedFields_KeepDelimitersQuotesAndLineBreaks()
    {
        using var folder = new TemporaryFolder();
        var set = Read(folder, "m.csv", "\"with, comma.jpg\",\"said \"\"no\"\"\"\n\"two\nlines.jpg\",ordinary\n");
        Assert.Equal([("two\nlines.jpg", "ordinary"), ("with, comma.jpg", "said \"no\"")],
            set.Images.Select(image => (Path.GetRelativePath(folder.Path, image.Path), image.Label)));
    }

    [Fact]
    public void Read_AbsolutePath_IsKept()
    {
        using var folder = new TemporaryFolder();
        var absolute = Path.Combine(folder.Path, "elsewhere", "a.jpg");
        Assert.Equal(absolute, Read(folder, "m.csv", $"{absolute},cat\n").Images[0].Path);
    }

    [Theory]
    [InlineData("path,label\na.jpg,cat\nb.jpg\n", "Line 3", "received 1 field")]
    [InlineData("a.jpg,cat\n\n,dog\n", "Line 3", "expected a path")]
    [InlineData("a.jpg,cat\nb.jpg, \n", "Line 2", "expected a label for 'b.jpg'")]
    [InlineData("a.jpg,cat\nb.jpg,dog\na.jpg,dog\n", "Line 3", "already on line 1")]
    [InlineData("a.jpg,cat\n\"b.jpg,dog\n", "Line 2", "not closed")]
    [InlineData("\"a\n.jpg\",cat\n\"b.jpg\"x,dog\n", "Line 3", "followed by 'x'")]
    [InlineData("", "m.csv", "has none")]
    [InlineData("path,label\n", "m.csv", "below the header")]
    public void Read_Malformed_NamesTheLine(string text, params string[] expected)
    {
        using var folder = new TemporaryFolder();
        var message = Assert.Throws<TransferException>(() => Read(folder, "m.csv", text)).Message;
        Assert.All(expected, part => Assert.Contains(part, message));
    }

    [Fact]
    public void Read_NotText_SaysUtf8()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("m.csv"), Pictures.Encode(Pictures.Pattern(4, 4)));
        Assert.Contains("UTF-8", Assert.Throws<TransferException>(() => ImageManifest.Read(folder.File("m.csv"))).Message);
    }

    [Fact]
    public void Read_MissingFile_SaysSo()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("does not exist", Assert.Throws<TransferException>(() => ImageManifest.Read(folder.File("gone.csv"))).Message);
    }

    private static ImageSet Read(TemporaryFolder folder, string name, string text)
    {
        File.WriteAllText(folder.File(name), text, new UTF8Encoding(false));
        return ImageSet.Read(folder.File(name));
    }
}
