namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>
/// A family of image formulas: each class of the source task is one formula with its defining parameters fixed, and every image of it
/// draws the rest (pose, colours, background) at random. The labels are free and the images belong to nobody (Kataoka et al.,
/// "Pre-training without Natural Images", ACCV 2020; Baradad et al., "Learning to See by Looking at Noise", NeurIPS 2021).
/// </summary>
internal abstract class FormulaFamily
{
    /// <summary>The name of the family, as the model card prints it.</summary>
    public abstract string Name { get; }

    /// <summary>The number of classes: the product of the choices of each defining parameter.</summary>
    public abstract int Classes { get; }

    /// <summary>Draws one image of a class over the whole canvas.</summary>
    /// <param name="formula">The class within the family, from 0.</param>
    /// <param name="random">Everything that is not defined by the class.</param>
    /// <param name="canvas">What is drawn on; its former content is overwritten.</param>
    public abstract void Draw(int formula, RandomStream random, FormulaCanvas canvas);

    /// <summary>Takes one digit off a class number: the choice of one defining parameter.</summary>
    protected static T Choose<T>(ref int formula, params ReadOnlySpan<T> choices)
    {
        var choice = choices[formula % choices.Length];
        formula /= choices.Length;
        return choice;
    }
}
