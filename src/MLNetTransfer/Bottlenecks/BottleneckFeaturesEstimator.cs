using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetTransfer.Backbones;

namespace MLNetTransfer.Bottlenecks;

/// <summary>
/// Adds the bottlenecks of images to a pipeline: a text column of image paths -> a vector of features, one for each channel of the cut.
/// It learns nothing from the data. Made by <see cref="BottleneckCatalog.BottleneckFeatures(TransformsCatalog, string, string, Backbone, string?, int?)"/>.
/// </summary>
public sealed class BottleneckFeaturesEstimator : IEstimator<BottleneckFeaturesTransformer>
{
    private readonly TransformsCatalog _catalog;
    private readonly BackboneCut _cut;
    private readonly string _outputColumn;
    private readonly string _inputColumn;
    private readonly int? _threads;

    internal BottleneckFeaturesEstimator(TransformsCatalog catalog, BackboneCut cut, string outputColumn, string inputColumn, int? threads) =>
        (_catalog, _cut, _outputColumn, _inputColumn, _threads) = (catalog, cut, outputColumn, inputColumn, threads);

    /// <summary>Prepares the network; reads nothing but the schema.</summary>
    /// <exception cref="TransferException">The column of paths is missing or not text, or a column has a name that the network needs.</exception>
    public BottleneckFeaturesTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        CheckColumns(input.Schema.Where(column => !column.IsHidden).Select(column => (column.Name, column.Type is TextDataViewType)));
        var rowChain = RowChain.Create(_catalog, _cut, _outputColumn, _inputColumn).Fit(input);
        return new BottleneckFeaturesTransformer(rowChain, new BottleneckExtractor(_cut, _threads), _outputColumn, _inputColumn);
    }

    /// <summary>The shape of the schema after the features have been added.</summary>
    /// <exception cref="TransferException">The column of paths is missing or not text, or a column has a name that the network needs.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        CheckColumns(inputSchema.Select(column => (column.Name, column.Kind == SchemaShape.Column.VectorKind.Scalar && column.ItemType is TextDataViewType)));
        return RowChain.Create(_catalog, _cut, _outputColumn, _inputColumn).GetOutputSchema(inputSchema);
    }

    private void CheckColumns(IEnumerable<(string Name, bool IsText)> columns)
    {
        var found = columns.ToArray();
        var names = string.Join(", ", found.Select(column => column.Name));
        if (!found.Contains((_inputColumn, true)))
            throw new TransferException($"Bottlenecks need the text column '{_inputColumn}' of image paths; received the columns {names}. "
                + "Name the column that holds the paths.");
        foreach (var name in RowChain.TemporaryColumns(_cut).Append(_outputColumn).Distinct())
            if (name != _outputColumn && found.Any(column => column.Name == name))
                throw new TransferException($"The network needs the column name '{name}' for itself; received a column of that name. "
                    + "Rename it.");
    }
}
