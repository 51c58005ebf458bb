namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>A colour with channels from 0 to 1.</summary>
internal readonly record struct FormulaColour(float Red, float Green, float Blue)
{
    /// <summary>A random colour; one in four is nearly grey, as surfaces of real photos are.</summary>
    public static FormulaColour Draw(RandomStream random)
    {
        var colour = new FormulaColour(random.NextSingle(0, 1), random.NextSingle(0, 1), random.NextSingle(0, 1));
        return random.NextInt32(4) > 0 ? colour : Mix(colour, Grey((colour.Red + colour.Green + colour.Blue) / 3), 0.85f);
    }

    /// <summary>A random colour at a distance of at least .35 from another one.</summary>
    public static FormulaColour DrawDistinct(RandomStream random, FormulaColour other)
    {
        while (true)
        {
            var colour = Draw(random);
            if (MathF.Abs(colour.Red - other.Red) + MathF.Abs(colour.Green - other.Green) + MathF.Abs(colour.Blue - other.Blue) > 0.35f)
                return colour;
        }
    }

    /// <summary>The colour between two others.</summary>
    public static FormulaColour Mix(FormulaColour from, FormulaColour to, float share) => new(
        from.Red + ((to.Red - from.Red) * share), from.Green + ((to.Green - from.Green) * share), from.Blue + ((to.Blue - from.Blue) * share));

    private static FormulaColour Grey(float level) => new(level, level, level);
}
