using Microsoft.ML;
using MLNetTransfer.Images;

namespace MLNetTransfer.Bottlenecks;

/// <summary>Reads image paths ahead of a cursor and featurises them many at a time.</summary>
internal sealed class BottleneckReader(BottleneckExtractor extractor, DataViewRowCursor paths, ValueGetter<ReadOnlyMemory<char>> getPath) : IDisposable
{
    private FeatureMatrix? _features;
    private int _row;

    /// <summary>The features of the current row.</summary>
    public ReadOnlySpan<float> Current => _features!.Row(_row);

    /// <summary>Moves to the next row, which exists.</summary>
    public void MoveNext()
    {
        if (_features is not null && ++_row < _features.Rows)
            return;
        List<string> ahead = [];
        ReadOnlyMemory<char> path = default;
        while (ahead.Count < extractor.ReadAhead && paths.MoveNext())
        {
            getPath(ref path);
            ahead.Add(path.ToString());
        }
        var result = extractor.Extract(ahead);
        if (result.Skipped is [var skipped, ..])
            throw new ImageException(skipped.Path, skipped.Reason);
        (_features, _row) = (result.Features, 0);
    }

    public void Dispose() => paths.Dispose();
}
