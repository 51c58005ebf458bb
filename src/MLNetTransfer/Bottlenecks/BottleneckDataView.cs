using Microsoft.ML;

namespace MLNetTransfer.Bottlenecks;

/// <summary>The columns of a data view and, behind them, the features of its images.</summary>
internal sealed class BottleneckDataView : IDataView
{
    private readonly IDataView _input;
    private readonly BottleneckExtractor _extractor;
    private readonly int _features;
    private readonly DataViewSchema.Column _path;

    public BottleneckDataView(IDataView input, DataViewSchema schema, BottleneckExtractor extractor, string outputColumn, string inputColumn)
    {
        _input = input;
        _extractor = extractor;
        Schema = schema;
        _features = schema[outputColumn].Index;
        _path = input.Schema[inputColumn];
    }

    public DataViewSchema Schema { get; }

    /// <summary>Two cursors over the input must agree on the order of the rows.</summary>
    public bool CanShuffle => false;

    public long? GetRowCount() => _input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] needed = [.. columnsNeeded];
        var passed = _input.GetRowCursor(needed.Where(column => column.Index != _features).Select(column => _input.Schema[column.Index]));
        if (needed.All(column => column.Index != _features))
            return new BottleneckCursor(Schema, _features, passed, null);
        var paths = _input.GetRowCursor([_path]);
        return new BottleneckCursor(Schema, _features, passed, new BottleneckReader(_extractor, paths, paths.GetGetter<ReadOnlyMemory<char>>(_path)));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
