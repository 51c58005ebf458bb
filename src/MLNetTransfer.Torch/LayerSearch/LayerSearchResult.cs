namespace MLNetTransfer.Torch.LayerSearch;

/// <summary>How many layers to reuse.</summary>
/// <param name="Backbone">The name of the network.</param>
/// <param name="Images">The number of images compared on.</param>
/// <param name="Figures">Every choice that was looked at: frozen ones from input to output, then the others.</param>
/// <param name="Recommended">The choice to take.</param>
/// <param name="Reason">Why, in a sentence.</param>
/// <param name="Stopped">Whether the time ran out or the search was cancelled before all was tried.</param>
/// <param name="Skipped">The images that could not be read.</param>
public sealed record LayerSearchResult(
    string Backbone, int Images, IReadOnlyList<LayerFigures> Figures, LayerFigures Recommended, string Reason, bool Stopped, IReadOnlyList<SkippedImage> Skipped);
