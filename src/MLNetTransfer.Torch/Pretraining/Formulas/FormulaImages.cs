namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>
/// The source domain: an endless, seeded stream of labelled images rendered from formulas. The n-th image depends on the seed and on n
/// alone, so that images can be rendered in any order, on any thread, and again.
/// </summary>
public sealed class FormulaImages
{
    private static readonly FormulaFamily[] AllFamilies =
    [
        new NoiseSpectra(), new Grain(), new Gratings(), new Rings(), new Cells(), new Spots(),
        new DeadLeaves(), new Polygons(), new Curves(), new RadialContours(), new Fractals(),
    ];

    private static readonly int[] FamilyOfClass = [.. AllFamilies.SelectMany((family, index) => Enumerable.Repeat(index, family.Classes))];
    private static readonly Things AllThings = new(AllFamilies);
    private readonly RandomStream _stream;
    private readonly double _things;

    /// <summary>Opens the stream of a seed.</summary>
    /// <param name="seed">The seed; different <paramref name="part"/>s of one seed are independent.</param>
    /// <param name="part">Which images these are, such as "training" or "held-out".</param>
    /// <param name="side">Pixels along each edge, 16 or more.</param>
    /// <param name="things">The share of the images that show a thing before a background; 0 to 1.</param>
    public FormulaImages(int seed, string part, int side, double things = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 16);
        ArgumentOutOfRangeException.ThrowIfNegative(things);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(things, 1);
        _things = things;
        _stream = RandomStream.Derive(seed, $"formula images/{part}");
        Side = side;
    }

    /// <summary>The names of the families and how many classes each has.</summary>
    public static IReadOnlyList<(string Name, int Classes)> Families { get; } = [.. AllFamilies.Select(family => (family.Name, family.Classes))];

    /// <summary>The number of classes of all families together.</summary>
    public static int Classes => FamilyOfClass.Length;

    /// <summary>The number of classes of things; they are counted after those of the families.</summary>
    public static int ThingClasses => AllThings.Classes;

    /// <summary>The number of colour themes, and one for images without colour.</summary>
    public static int Themes => FormulaTheme.All.Count + 1;

    /// <summary>Pixels along each edge.</summary>
    public int Side { get; }

    /// <summary>The formula of an image, found without rendering it; formulas are drawn with equal probability.</summary>
    /// <param name="index">The image, from 0.</param>
    public int FormulaOf(long index) => DrawFormula(_stream.At(index));

    /// <summary>Renders an image.</summary>
    /// <param name="index">The image, from 0.</param>
    /// <param name="pixels">Receives 3 planes (red, green, blue) of <see cref="Side"/> x <see cref="Side"/> values from 0 to 1.</param>
    /// <returns>What the image shows.</returns>
    public FormulaLabel Render(long index, Span<float> pixels)
    {
        var random = _stream.At(index);
        var formula = DrawFormula(random);
        var theme = random.NextInt32(FormulaTheme.All.Count);
        var canvas = new FormulaCanvas(Side, FormulaTheme.All[theme]);
        if (formula >= Classes)
        {
            AllThings.Draw(formula - Classes, random, canvas);
        }
        else
        {
            var family = FamilyOfClass[formula];
            AllFamilies[family].Draw(formula - Array.IndexOf(FamilyOfClass, family), random, canvas);
        }

        var isColour = canvas.Photograph(random);
        for (var channel = 0; channel < 3; channel++)
            canvas.Planes[channel].CopyTo(pixels[(channel * Side * Side)..]);
        return new FormulaLabel(formula, isColour ? theme : FormulaTheme.All.Count);
    }

    private int DrawFormula(RandomStream random) => _things > 0 && random.NextDouble() < _things ? Classes + random.NextInt32(ThingClasses) : random.NextInt32(Classes);
}
