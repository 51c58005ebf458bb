using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Tests.Images;

public sealed class ImageFilesTests
{
    [Fact]
    public void Find_FilesAndFolders_ListsEachOnceInOrder()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "z.jpg", "in/b.jpg", "in/deep/a.JPG", "in/.hidden" })
            File.WriteAllText(folder.File(name.Split('/')), "");
        string[] expected = [folder.File("z.jpg"), folder.File("in", "b.jpg"), folder.File("in", "deep", "a.JPG")];
        Assert.Equal(expected, ImageFiles.Find([folder.File("z.jpg"), Path.Combine(folder.Path, "in"), folder.File("in", "b.jpg")]));
    }

    [Fact]
    public void Find_MissingPathOrEmptyFolder_SaysWhich()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("gone.jpg' does not exist", Assert.Throws<TransferException>(() => ImageFiles.Find([folder.File("gone.jpg")])).Message);
        Assert.Contains("holds no file", Assert.Throws<TransferException>(() => ImageFiles.Find([folder.Path])).Message);
    }
}
