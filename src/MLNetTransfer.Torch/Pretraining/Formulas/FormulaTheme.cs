namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>
/// A few colours that appear together, each with some spread. The theme of an image is a label of its own: a network that has to tell
/// formulas alone learns to ignore colour, of which photos are full.
/// </summary>
internal sealed class FormulaTheme
{
    private const int Count = 32;
    private const float Spread = 0.13f;
    private readonly FormulaColour[] _anchors;

    private FormulaTheme(FormulaColour[] anchors) => _anchors = anchors;

    /// <summary>All themes, the same in every run.</summary>
    public static IReadOnlyList<FormulaTheme> All { get; } = DrawAll(RandomStream.Derive(2021, "colour themes"));

    /// <summary>A random colour of the theme.</summary>
    public FormulaColour Draw(RandomStream random) => DrawNear(random.NextInt32(_anchors.Length), random);

    /// <summary>A random colour near one of the theme's three.</summary>
    public FormulaColour DrawNear(int anchor, RandomStream random)
    {
        var middle = _anchors[anchor];
        return new FormulaColour(Near(middle.Red), Near(middle.Green), Near(middle.Blue));

        float Near(float channel) => Math.Clamp(channel + random.NextSingle(-Spread, Spread), 0, 1);
    }

    /// <summary>A random colour of the theme at a distance of at least .35 from another one.</summary>
    public FormulaColour DrawDistinct(RandomStream random, FormulaColour other)
    {
        while (true)
        {
            var colour = Draw(random);
            if (colour.DistanceTo(other) > 0.35f)
                return colour;
        }
    }

    /// <summary>Three anchors a theme, any two of them far enough apart; a third of the anchors are muted, as most surfaces are.</summary>
    private static FormulaTheme[] DrawAll(RandomStream random)
    {
        var themes = new FormulaTheme[Count];
        for (var t = 0; t < Count; t++)
        {
            var anchors = new List<FormulaColour>();
            while (anchors.Count < 3)
            {
                var anchor = new FormulaColour(random.NextSingle(0, 1), random.NextSingle(0, 1), random.NextSingle(0, 1));
                if (random.NextInt32(3) == 0)
                {
                    var level = (anchor.Red + anchor.Green + anchor.Blue) / 3;
                    anchor = FormulaColour.Mix(anchor, new FormulaColour(level, level, level), 0.75f);
                }

                if (anchors.TrueForAll(other => other.DistanceTo(anchor) > 0.7f))
                    anchors.Add(anchor);
            }

            themes[t] = new FormulaTheme([.. anchors]);
        }

        return themes;
    }
}
