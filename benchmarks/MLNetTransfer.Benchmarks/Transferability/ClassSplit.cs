using MLNetTransfer.Torch.Pretraining.Formulas;

namespace MLNetTransfer.Benchmarks.Transferability;

/// <summary>Formulas of the embedded backbone's source task, split into two tasks.</summary>
/// <param name="A">The formulas transfer comes from, ascending.</param>
/// <param name="B">The formulas transfer goes to, ascending; as many.</param>
internal sealed record ClassSplit(IReadOnlyList<int> A, IReadOnlyList<int> B)
{
    /// <summary>The families whose images are one field over the whole plane; the other ones draw objects with edges.</summary>
    private static readonly HashSet<string> Textures = ["noise spectra", "grain", "gratings", "rings", "cells", "spots"];

    /// <summary>The most formulas a task can have: all that are textures.</summary>
    public static int Most { get; } = FormulaImages.Families.Where(family => Textures.Contains(family.Name)).Sum(family => family.Classes);

    /// <summary>The split of a seed: formulas dealt out at random, or textures on one side, the direction turned at every second seed.</summary>
    /// <param name="similarity">How the tasks are split.</param>
    /// <param name="seed">Which split.</param>
    /// <param name="classes">Formulas of each task, 2 to <see cref="Most"/>.</param>
    public static ClassSplit Of(Similarity similarity, int seed, int classes)
    {
        if (classes < 2 || classes > Most)
            throw new TransferException(FormattableString.Invariant($"A task has 2 to {Most} formulas; received {classes}."));
        string[] families = [.. FormulaImages.Families.SelectMany(family => Enumerable.Repeat(family.Name, family.Classes))];
        int[] formulas = [.. Enumerable.Range(0, families.Length)];
        RandomStream.Derive(seed, "transferability/formulas").Shuffle<int>(formulas);
        if (similarity == Similarity.Similar)
            return new ClassSplit([.. formulas[..classes].Order()], [.. formulas[classes..(2 * classes)].Order()]);
        var sides = formulas.ToLookup(formula => Textures.Contains(families[formula]) == (seed % 2 == 1));
        return new ClassSplit([.. sides[true].Take(classes).Order()], [.. sides[false].Take(classes).Order()]);
    }
}
