using MLNetTransfer.Images;

namespace MLNetTransfer.Tests.Images;

public sealed class ImageSetTests
{
    private static readonly ImageSet Set = new(
        [new("3", "b"), new("1", "a"), new("2", "b"), new("4", "c"), new("5", "c")], source: "photos");

    [Fact]
    public void Subset_OfSomeClasses_KeepsTheClassesOfTheWhole()
    {
        var subset = Set.Subset([4, 1]);
        Assert.Equal(["2", "5"], subset.Images.Select(image => image.Path));
        Assert.Equal(["a", "b", "c"], subset.Classes);
        Assert.Equal([1, 2], subset.LabelIndices);
    }

    [Fact]
    public void LabelIndexOf_UnknownLabel_ListsTheClasses() =>
        Assert.Equal("The classes of photos are 'a', 'b', 'c'; received 'd'. Rename the class or choose one of these.",
            Assert.Throws<TransferException>(() => Set.LabelIndexOf("d")).Message);

    [Fact]
    public void RequireTrainable_OneClass_SaysTheRule() =>
        Assert.Equal("Expected 2 or more classes; received 1 ('a') in photos. Put each class in a folder of its own.",
            Assert.Throws<TransferException>(() => new ImageSet([new("1", "a"), new("2", "a")], source: "photos").RequireTrainable()).Message);

    [Fact]
    public void RequireTrainable_FewImages_NamesEveryClassThatHasTooFew()
    {
        var message = Assert.Throws<TransferException>(() => Set.Subset([0, 1, 2]).RequireTrainable()).Message;
        Assert.Contains("received 1 of 'a', 0 of 'c' in photos", message);
        Set.RequireTrainable(minimumImagesPerClass: 1);
    }

    [Fact]
    public void ImageSet_SamePathTwice_IsRefused() =>
        Assert.Contains("'1' twice", Assert.Throws<TransferException>(() => new ImageSet([new("1", "a"), new("1", "b")])).Message);
}
