using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetTransfer.Bottlenecks;

/// <summary>
/// Adds the bottlenecks of the images named in a column. Data in memory is featurised in batches on all cores. Saved, it becomes a
/// chain of stock ML.NET parts around one mapping of this library, which <c>new MLContext().Model.Load</c> opens in any application
/// that references this library; loaded that way it works row by row.
/// </summary>
public sealed class BottleneckFeaturesTransformer : ITransformer, IDisposable
{
    private readonly ITransformer _rowChain;
    private readonly BottleneckExtractor _extractor;
    private readonly string _outputColumn;
    private readonly string _inputColumn;

    internal BottleneckFeaturesTransformer(ITransformer rowChain, BottleneckExtractor extractor, string outputColumn, string inputColumn) =>
        (_rowChain, _extractor, _outputColumn, _inputColumn) = (rowChain, extractor, outputColumn, inputColumn);

    /// <summary>True: every row depends on its own image alone.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>The input columns and the vector of features behind them.</summary>
    /// <exception cref="ArgumentException">The column of paths is missing or is not text.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _rowChain.GetOutputSchema(inputSchema);

    /// <summary>The row-by-row form, which prediction engines use.</summary>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => _rowChain.GetRowToRowMapper(inputSchema);

    /// <summary>
    /// The data with the features, computed when they are read, in batches. Reading an image that cannot be decoded throws
    /// <see cref="Images.ImageException"/>.
    /// </summary>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new BottleneckDataView(input, GetOutputSchema(input.Schema), _extractor, _outputColumn, _inputColumn);
    }

    /// <summary>Frees the network. Data views made by <see cref="Transform"/> can be read no more.</summary>
    public void Dispose()
    {
        _extractor.Dispose();
        (_rowChain as IDisposable)?.Dispose();
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => _rowChain.Save(ctx);
}
