using System.Text.Json;
using Microsoft.ML;
using MLNetTransfer.Backbones;

namespace MLNetTransfer.Bottlenecks;

/// <summary>
/// The row-by-row form of the bottlenecks, of parts that plain ML.NET saves and loads: image path -> (constant) preprocessing -> pixels
/// (<see cref="PixelsMapping"/>) -> network -> features, the columns in between dropped.
/// </summary>
internal static class RowChain
{
    public const string Path = nameof(PixelsInput.BottleneckImagePath);
    public const string Preprocessing = nameof(PixelsInput.BottleneckPreprocessing);

    public static IEstimator<ITransformer> Create(TransformsCatalog catalog, BackboneCut cut, string outputColumn, string inputColumn)
    {
        var preprocessing = cut.Backbone.Preprocessing;
        var pieces = PixelsOutput.ColumnsFor(preprocessing.TensorLength);
        // A text inside a text: the JSON encoding of a string escapes as ML.NET's expression language does.
        var constant = $"path : {JsonSerializer.Serialize(preprocessing.ToJson())}";
        return catalog.CopyColumns(Path, inputColumn)
            .Append(catalog.Expression(Preprocessing, constant, Path))
            .Append(catalog.CustomMapping<PixelsInput, PixelsOutput>(PixelsMapping.Map, PixelsMapping.Contract))
            .Append(catalog.Concatenate(cut.InputName, pieces))
            .Append(catalog.ApplyOnnxModel([cut.OutputName], [cut.InputName], new MemoryStream(cut.Onnx)))
            .Append(catalog.CopyColumns(outputColumn, cut.OutputName))
            .Append(catalog.DropColumns([.. TemporaryColumns(cut).Where(name => name != outputColumn)]));
    }

    /// <summary>The columns in between: no column of the data may have such a name.</summary>
    public static IEnumerable<string> TemporaryColumns(BackboneCut cut) =>
        [Path, Preprocessing, .. PixelsOutput.ColumnsFor((1 << 26) - 1), cut.InputName, cut.OutputName];
}
