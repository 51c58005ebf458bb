using Microsoft.ML;
using MLNetTransfer.Backbones;

namespace MLNetTransfer.Bottlenecks;

/// <summary>Adds bottlenecks to <c>mlContext.Transforms</c>.</summary>
public static class BottleneckCatalog
{
    /// <summary>Turns the images named in a column into features, by the lower layers of a pretrained network.</summary>
    /// <param name="catalog"><c>mlContext.Transforms</c>.</param>
    /// <param name="outputColumnName">The column to add: a vector of floats.</param>
    /// <param name="inputColumnName">The text column of image paths.</param>
    /// <param name="backbone">The pretrained network.</param>
    /// <param name="cut">Where to cut it, by name; null for its default.</param>
    /// <param name="threads">The number of images featurised at the same time; null for all cores. It never changes the features.</param>
    /// <exception cref="TransferException">The backbone has no such cut.</exception>
    public static BottleneckFeaturesEstimator BottleneckFeatures(
        this TransformsCatalog catalog, string outputColumnName, string inputColumnName, Backbone backbone, string? cut = null, int? threads = null)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        return catalog.BottleneckFeatures(outputColumnName, inputColumnName, backbone.CutAt(cut is null ? backbone.DefaultCut : backbone.FindCut(cut)), threads);
    }

    /// <summary>Turns the images named in a column into features, by the part of a network below a cut.</summary>
    /// <param name="catalog"><c>mlContext.Transforms</c>.</param>
    /// <param name="outputColumnName">The column to add: a vector of floats.</param>
    /// <param name="inputColumnName">The text column of image paths.</param>
    /// <param name="cut">The part of the network.</param>
    /// <param name="threads">The number of images featurised at the same time; null for all cores. It never changes the features.</param>
    public static BottleneckFeaturesEstimator BottleneckFeatures(
        this TransformsCatalog catalog, string outputColumnName, string inputColumnName, BackboneCut cut, int? threads = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(inputColumnName);
        ArgumentNullException.ThrowIfNull(cut);
        return new BottleneckFeaturesEstimator(catalog, cut, outputColumnName, inputColumnName, threads);
    }
}
