using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Tests.Images;

public sealed class ImageFolderTests
{
    [Fact]
    public void Read_ClassFolders_ListsEveryFileInOrdinalOrder()
    {
        using var folder = new TemporaryFolder();
        string[] expected =
        [
            Touch(folder, "Intact", "B.PNG"), Touch(folder, "Intact", "a.jpg"), Touch(folder, "cracked", "deep", "er", "c.jpg"),
            Touch(folder, "cracked", "notes.txt"), Touch(folder, "cracked", "x.jpg", "inside.jpg"),
            Directory.CreateDirectory(Path.Combine(folder.Path, "cracked", "y.JPG")).FullName, Touch(folder, "Трещина", "猫.jpeg"),
        ];
        var set = ImageFolder.Read(folder.Path);
        Assert.Equal(expected, set.Images.Select(image => image.Path));
        Assert.Equal(["Intact", "Intact", "cracked", "cracked", "cracked", "cracked", "Трещина"], set.Images.Select(image => image.Label));
        Assert.Equal(["Intact", "cracked", "Трещина"], set.Classes);
        Assert.Equal([0, 0, 1, 1, 1, 1, 2], set.LabelIndices);
    }

    [Fact]
    public void Read_Litter_IsLeftOut()
    {
        using var folder = new TemporaryFolder();
        var image = Touch(folder, "a", "1.jpg");
        Touch(folder, "a", ".DS_Store");
        Touch(folder, "a", "Thumbs.db");
        Touch(folder, "a", "Desktop.ini");
        Touch(folder, "a", ".cache", "2.jpg");
        Touch(folder, ".git", "3.jpg");
        Touch(folder, "__MACOSX", "4.jpg");
        Touch(folder, "README.md");
        Assert.Equal([new LabeledImage(image, "a")], ImageFolder.Read(folder.Path).Images);
    }

    [Fact]
    public void Read_LinkedFolders_AreFollowedButNotInCircles()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Creating links needs a privilege on Windows.");
        using var folder = new TemporaryFolder();
        using var elsewhere = new TemporaryFolder();
        var own = Touch(folder, "a", "1.jpg");
        Touch(elsewhere, "2.jpg");
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "a", "circle"), Path.Combine(folder.Path, "a"));
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "b"), elsewhere.Path);
        Assert.Equal([own, Path.Combine(folder.Path, "b", "2.jpg")], ImageFolder.Read(folder.Path).Images.Select(image => image.Path));
    }

    [Fact]
    public void Read_EmptyClass_NamesTheFolder()
    {
        using var folder = new TemporaryFolder();
        Touch(folder, "a", "1.jpg");
        Directory.CreateDirectory(Path.Combine(folder.Path, "b", "nothing"));
        AssertRefused(folder.Path, Path.Combine(folder.Path, "b"), "holds none");
    }

    [Fact]
    public void Read_ImagesDirectlyInside_SaysHowMany()
    {
        using var folder = new TemporaryFolder();
        Touch(folder, "1.jpg");
        Touch(folder, "2.jpg");
        AssertRefused(folder.Path, "one sub-folder per class", "received 2 files directly");
    }

    [Fact]
    public void Read_MissingFolder_SaysSo()
    {
        using var folder = new TemporaryFolder();
        AssertRefused(Path.Combine(folder.Path, "gone"), "does not exist");
    }

    [Fact]
    public void Read_File_SaysSo()
    {
        using var folder = new TemporaryFolder();
        AssertRefused(Touch(folder, "1.jpg"), "is a file");
    }

    [Fact]
    public void Read_RealPhotos_FindsBothClasses()
    {
        var set = ImageSet.Read(Repository.SharedOrSkip("data", "ants-bees"));
        Assert.Equal(["ants", "bees"], set.Classes);
        Assert.Equal(245, set.Images.Count);
        set.RequireTrainable();
    }

    private static void AssertRefused(string path, params string[] expected)
    {
        var message = Assert.Throws<TransferException>(() => ImageFolder.Read(path)).Message;
        Assert.All(expected, part => Assert.Contains(part, message));
    }

    private static string Touch(TemporaryFolder folder, params string[] parts)
    {
        File.WriteAllText(folder.File(parts), "");
        return folder.File(parts);
    }
}
