using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetTransfer.Bottlenecks;

/// <summary>Steps through the input for its own columns, and through a reader, when there is one, for the features.</summary>
internal sealed class BottleneckCursor(DataViewSchema schema, int features, DataViewRowCursor passed, BottleneckReader? reader) : DataViewRowCursor
{
    public override DataViewSchema Schema => schema;

    public override long Position => passed.Position;

    public override long Batch => 0;

    public override bool IsColumnActive(DataViewSchema.Column column) =>
        column.Index == features ? reader is not null : passed.IsColumnActive(passed.Schema[column.Index]);

    public override ValueGetter<DataViewRowId> GetIdGetter() => passed.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (column.Index != features)
            return passed.GetGetter<TValue>(passed.Schema[column.Index]);
        if (reader is null)
            throw new InvalidOperationException($"The column '{column.Name}' was not asked for when this cursor was made.");
        ValueGetter<VBuffer<float>> getter = (ref VBuffer<float> value) =>
        {
            var current = reader.Current;
            var editor = VBufferEditor.Create(ref value, current.Length);
            current.CopyTo(editor.Values);
            value = editor.Commit();
        };
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"The column '{column.Name}' holds {typeof(VBuffer<float>)}; "
                + $"received a request for {typeof(TValue)}.");
    }

    public override bool MoveNext()
    {
        if (!passed.MoveNext())
            return false;
        reader?.MoveNext();
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            reader?.Dispose();
            passed.Dispose();
        }
        base.Dispose(disposing);
    }
}
