using MLNetTransfer.Surfaces.Rendering;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Surfaces.Tests;

/// <summary>
/// The manifests of data/experiments that ask other questions of the embedded images of plaster: their labels are what the renderer drew, computed here again from the
/// seed, and checked against pictures rendered without it.
/// </summary>
public sealed class QuestionsTests
{
    private const int Seed = 1;

    /// <summary>The width of the main crack in pixels of the picture from which it is to be repaired.</summary>
    private const float RepairWidth = 2;

    /// <summary>The magnification from which a photo is a close one: the middle of the domain's range.</summary>
    private const float CloseZoom = .875f;

    private static readonly SurfaceImage[] Plaster = [.. SurfaceSet.Plan.Where(image => image.Domain.Name == "plaster")];

    public static TheoryData<string> Names => ["cracked", "repair", "close"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Manifest_OfAQuestion_IsWhatTheRendererDrew(string name)
    {
        var file = Repository.Path("data", "experiments", $"plaster-{name}.csv");
        var text = string.Concat(Asked(name).Select(image => $"../surfaces/{image.Image.Path},{(image.Yes ? "yes" : "no")}\n").Prepend("path,label\n"));

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(file, text);

        Assert.Equal(File.ReadAllText(file), text);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Manifest_OfAQuestion_HasAsManyOfBothAnswersInEachPart(string name)
    {
        foreach (var part in new[] { "train", "test" })
        {
            var asked = Asked(name).Where(image => image.Image.Path.Contains($"/{part}/", StringComparison.Ordinal)).ToArray();
            Assert.True(asked.Length >= 80, $"{asked.Length} images of {part} are asked '{name}'.");
            Assert.Equal(asked.Length, 2 * asked.Count(image => image.Yes));
        }
    }

    /// <summary>A picture rendered from a given distance is the same, byte for byte, exactly where that was its distance.</summary>
    [Fact]
    public void Close_RenderedFromTheComputedDistance_IsTheSamePicture()
    {
        var recipe = SurfaceDomains.Plaster.Recipe;
        foreach (var image in Plaster.Where((_, i) => i % 47 == 0))
        {
            SurfaceDomain From(float zoom) => new("plaster", "one distance", recipe with { Zoom = new(zoom, zoom) });

            Assert.Equal(SurfaceSet.Render(image, Seed), SurfaceRenderer.Render(From(ZoomOf(image)), image.Cracked, SeedOf(image)));
            Assert.NotEqual(SurfaceSet.Render(image, Seed), SurfaceRenderer.Render(From(ZoomOf(image) + .1f), image.Cracked, SeedOf(image)));
        }
    }

    /// <summary>A picture rendered with a crack of a given width is the same exactly where its crack has that width.</summary>
    [Fact]
    public void Repair_RenderedWithTheComputedWidthAlone_IsTheSamePicture()
    {
        var recipe = SurfaceDomains.Plaster.Recipe;
        foreach (var image in Plaster.Where(image => image.Cracked).Where((_, i) => i % 29 == 0))
        {
            var nominal = WidthOf(image) / ZoomOf(image);
            SurfaceDomain With(float width) => new("plaster", "one width", recipe with { Cracks = recipe.Cracks with { Width = new(width, width) } });

            Assert.Equal(SurfaceSet.Render(image, Seed), SurfaceRenderer.Render(With(nominal), true, SeedOf(image)));
            Assert.NotEqual(SurfaceSet.Render(image, Seed), SurfaceRenderer.Render(With(nominal + .3f), true, SeedOf(image)));
        }
    }

    /// <summary>The images that are asked, in the order of their paths: as many of both answers in each part, and neither tells whether there is a crack unless that is what is asked.</summary>
    private static IEnumerable<(SurfaceImage Image, bool Yes)> Asked(string name)
    {
        var answers = Plaster.Select(image => (Image: image, Yes: name switch
        {
            "cracked" => image.Cracked,
            "repair" => image.Cracked && WidthOf(image) >= RepairWidth,
            _ => ZoomOf(image) >= CloseZoom,
        }));
        return answers.GroupBy(image => image.Image.Path.Contains("/train/", StringComparison.Ordinal)).SelectMany(part => name == "close" ? part.GroupBy(image => image.Image.Cracked).SelectMany(Even) : Even(part))
            .OrderBy(image => image.Image.Path, StringComparer.Ordinal);
    }

    private static IEnumerable<(SurfaceImage Image, bool Yes)> Even(IEnumerable<(SurfaceImage Image, bool Yes)> images)
    {
        var answers = images.ToLookup(image => image.Yes);
        var count = Math.Min(answers[true].Count(), answers[false].Count());
        // Narrow cracks and none at all are equally often the answer 'no'.
        (SurfaceImage Image, bool Yes)[] narrow = [.. answers[false].Where(image => image.Image.Cracked)], none = [.. answers[false].Where(image => !image.Image.Cracked)];
        var no = narrow.Length == 0 ? none : none.Length == 0 ? narrow : narrow.Take((count + 1) / 2).Concat(none);
        return answers[true].Take(count).Concat(no.Take(count));
    }

    /// <summary>The width of the main crack in pixels of the picture.</summary>
    private static float WidthOf(SurfaceImage image)
    {
        var ease = new RandomStream(SeedOf(image)).Derive("cracks").Unit();
        var range = image.Domain.Recipe.Cracks.Width;
        return (range.Low + ((range.High - range.Low) * ease * ease)) * ZoomOf(image);
    }

    private static float ZoomOf(SurfaceImage image) => new RandomStream(SeedOf(image)).In(image.Domain.Recipe.Zoom);

    private static ulong SeedOf(SurfaceImage image) => RandomStream.DeriveSeed(Seed, image.Path);
}
