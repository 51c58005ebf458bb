namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>A colour with channels from 0 to 1.</summary>
internal readonly record struct FormulaColour(float Red, float Green, float Blue)
{
    /// <summary>The sum of the differences of the channels, 0 to 3.</summary>
    public float DistanceTo(FormulaColour other) => MathF.Abs(Red - other.Red) + MathF.Abs(Green - other.Green) + MathF.Abs(Blue - other.Blue);

    /// <summary>The colour between two others.</summary>
    public static FormulaColour Mix(FormulaColour from, FormulaColour to, float share) => new(
        from.Red + ((to.Red - from.Red) * share), from.Green + ((to.Green - from.Green) * share), from.Blue + ((to.Blue - from.Blue) * share));
}
