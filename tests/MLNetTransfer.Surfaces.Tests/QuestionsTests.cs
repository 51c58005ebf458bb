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

    private static readonly SurfaceImage[] Plaster = [.. SurfaceSet.Plan.Where(image => image.Domain.Name == "plaster")];

    public static TheoryData<string> Names => ["cracked", "repair", "repaint"];

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

    /// <summary>A picture rendered without runs and flakes is the same, byte for byte, exactly where none was drawn.</summary>
    [Fact]
    public void Repaint_RenderedWithoutRunsAndFlakes_DiffersExactlyWhereTheAnswerIsYes()
    {
        var recipe = SurfaceDomains.Plaster.Recipe;
        var without = new SurfaceDomain("plaster", "without", recipe with { Distractors = recipe.Distractors with { Runs = 0, Flakes = 0 } });

        Assert.All(Plaster.Where((_, i) => i % 23 == 0), image => Assert.Equal(
            NeedsPaint(image), !SurfaceRenderer.Render(without, image.Cracked, SeedOf(image)).AsSpan().SequenceEqual(SurfaceSet.Render(image, Seed))));
    }

    /// <summary>Narrowing every crack to a given width changes no picture whose crack had that width.</summary>
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

    /// <summary>The images that are asked, as many of both answers in each part and class of cracks as there are of the rarer, in the order of their numbers.</summary>
    private static IEnumerable<(SurfaceImage Image, bool Yes)> Asked(string name)
    {
        var answers = Plaster.Select(image => (Image: image, Yes: name switch
        {
            "cracked" => image.Cracked,
            "repair" => image.Cracked && WidthOf(image) >= RepairWidth,
            _ => NeedsPaint(image),
        }));
        return answers.GroupBy(image => image.Image.Path.Contains("/train/", StringComparison.Ordinal)).SelectMany(part =>
        {
            var count = Math.Min(part.Count(image => image.Yes), part.Count(image => !image.Yes));
            // Narrow cracks and none at all are equally often the answer 'no'.
            var no = part.Where(image => !image.Yes).GroupBy(image => image.Image.Cracked).SelectMany(same => same.Take(part.Count(image => !image.Yes) == count ? count : (count + (same.Key ? 1 : 0)) / 2));
            return part.Where(image => image.Yes).Take(count).Concat(no.Take(count));
        }).OrderBy(image => image.Image.Path, StringComparer.Ordinal);
    }

    private static bool NeedsPaint(SurfaceImage image)
    {
        var distractors = new RandomStream(SeedOf(image)).Derive("distractors");
        var rates = image.Domain.Recipe.Distractors;
        return distractors.Derive("runs").Count(rates.Runs) + distractors.Derive("flakes").Count(rates.Flakes) > 0;
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
