namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>What a formula image shows: the two questions the backbone is trained on.</summary>
/// <param name="Formula">The formula, from 0 to <see cref="FormulaImages.Classes"/> - 1.</param>
/// <param name="Theme">The colour theme, from 0 to <see cref="FormulaImages.Themes"/> - 1; the last for an image without colour.</param>
public readonly record struct FormulaLabel(int Formula, int Theme);
