using System.Reflection;
using MLNetTransfer.Domains;
using MLNetTransfer.Images;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Tests.Domains;

public sealed class ImageDomainTests
{
    private static readonly ImageSet Source = new([new("a/1.jpg", "a"), new("a/2.jpg", "a"), new("b/1.jpg", "b"), new("b/2.jpg", "b")]);

    // Labels are strings, label indices or images that have them: nothing of the kind can be asked of what an adaptation gets of its target.
    [Theory]
    [InlineData(typeof(UnlabeledDomain))]
    [InlineData(typeof(UnlabeledFeatures))]
    public void UnlabeledTypes_HaveNoMemberThatLeadsToLabels(Type type)
    {
        var members = type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance);

        Assert.DoesNotContain(members, member => member.Name.Contains("Label", StringComparison.OrdinalIgnoreCase));
        Assert.All(type.GetProperties(), property => Assert.DoesNotContain(property.PropertyType, (Type[])[typeof(ImageSet), typeof(LabeledImage), typeof(LabeledDomain), typeof(LabeledFeatures)]));
        Assert.False(typeof(LabeledDomain).IsAssignableFrom(type) || type.IsAssignableFrom(typeof(LabeledDomain)) || type.IsAssignableFrom(typeof(LabeledFeatures)));
    }

    [Fact]
    public void WithoutLabels_KeepsTheImages()
    {
        LabeledDomain domain = new("photos", Source);

        Assert.Equal(domain.Paths, domain.WithoutLabels().Paths);
        Assert.Equal("photos", domain.WithoutLabels().Name);
    }

    [Fact]
    public void Read_AnUnlabelledFolderOfClassFolders_ForgetsTheirNames()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("target", "cracked", "1.jpg"), "");
        File.WriteAllText(folder.File("target", "intact", "1.jpg"), "");

        var domain = UnlabeledDomain.Read("target", Path.Combine(folder.Path, "target"));

        Assert.Equal(2, domain.Paths.Count);
    }

    [Fact]
    public void Create_AnImageTwice_IsRefused()
    {
        var error = Assert.Throws<TransferException>(() => new UnlabeledDomain("target", ["a.jpg", "b.jpg", "a.jpg"]));

        Assert.Contains("received 'a.jpg' twice", error.Message);
    }

    [Fact]
    public void Create_NoImage_IsRefused() =>
        Assert.Throws<TransferException>(() => new UnlabeledDomain("target", []));

    [Fact]
    public void Problem_ShotsOfAForeignClass_AreRefused()
    {
        LabeledDomain shots = new("shots", new ImageSet([new("c/1.jpg", "c")]));

        var error = Assert.Throws<TransferException>(() => new TransferProblem(new("source", Source), new("target", ["t.jpg"]), shots));

        Assert.Contains("received the class 'c'", error.Message);
    }

    [Fact]
    public void Problem_ASourceOfOneClass_IsRefused() =>
        Assert.Throws<TransferException>(() => new TransferProblem(new("source", new ImageSet([new("a/1.jpg", "a"), new("a/2.jpg", "a")])), new("target", ["t.jpg"])));
}
