using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetTransfer.Domains;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>Features, and labels where there are any, of the rows of a data view. No other column is read.</summary>
internal static class DomainRows
{
    private const string KeyValues = "KeyValues";
    private static readonly string[] Truths = [bool.FalseString, bool.TrueString];

    /// <summary>The rows without labels: the cursor is asked for the column of features alone.</summary>
    public static UnlabeledFeatures ReadUnlabeled(IDataView rows, string features, string name) => new(Read(rows, FeaturesOf(rows, features, name), null, name).Features);

    /// <summary>The rows with their labels.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="label">The column of labels.</param>
    /// <param name="features">The column of features.</param>
    /// <param name="name">What an error calls the rows.</param>
    /// <param name="classes">The classes that labels are indices into; null for those of the column.</param>
    /// <exception cref="TransferException">A column is missing or of another type, a label is missing or of no class.</exception>
    public static LabeledFeatures ReadLabeled(IDataView rows, string label, string features, string name, IReadOnlyList<string>? classes)
    {
        var column = LabelOf(rows, label, name);
        var (matrix, labels) = Read(rows, FeaturesOf(rows, features, name), column, name);
        classes ??= column.Type switch
        {
            KeyDataViewType => NamesOf(column),
            BooleanDataViewType => Truths,
            _ => [.. labels.Distinct().Order(StringComparer.Ordinal)],
        };
        var indices = classes.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        return new LabeledFeatures(matrix, [.. labels.Select(text => indices.TryGetValue(text, out var index)
            ? index
            : throw new TransferException($"The {name} have the source's classes ({string.Join(", ", classes)}); received '{text}'. Correct the label, or leave the row out."))], classes);
    }

    /// <summary>The column of features.</summary>
    /// <exception cref="TransferException">It is missing or no vector of floats of one size.</exception>
    public static DataViewSchema.Column FeaturesOf(IDataView rows, string name, string what) =>
        rows.Schema.GetColumnOrNull(name) is { Type: VectorDataViewType { IsKnownSize: true, ItemType: NumberDataViewType { RawType: var type } } } column && type == typeof(float)
            ? column
            : throw NoFeatures(name, what, rows.Schema.Where(column => !column.IsHidden).Select(column => $"{column.Name} ({column.Type})"));

    /// <summary>The column of labels.</summary>
    /// <exception cref="TransferException">It is missing, or neither text nor Boolean nor a key with text values.</exception>
    public static DataViewSchema.Column LabelOf(IDataView rows, string name, string what) =>
        rows.Schema.GetColumnOrNull(name) is { } column && (column.Type is TextDataViewType or BooleanDataViewType || IsNamedKey(column))
            ? column
            : throw NoLabel(name, what, rows.Schema.Where(column => !column.IsHidden).Select(column => $"{column.Name} ({column.Type})"));

    /// <exception cref="TransferException">There is no vector of floats of that name.</exception>
    public static void RequireFeatures(SchemaShape schema, string name)
    {
        if (!schema.Any(column => column.Name == name && column.Kind == SchemaShape.Column.VectorKind.Vector && column.ItemType.RawType == typeof(float)))
            throw NoFeatures(name, "source", schema.Select(Shown));
    }

    /// <exception cref="TransferException">There are no labels of that name.</exception>
    public static SchemaShape.Column RequireLabel(SchemaShape schema, string name)
    {
        foreach (var column in schema)
            if (column.Name == name && column.Kind == SchemaShape.Column.VectorKind.Scalar && (column.IsKey || column.ItemType is TextDataViewType or BooleanDataViewType))
                return column;
        throw NoLabel(name, "source", schema.Select(Shown));
    }

    private static (FeatureMatrix Features, List<string> Labels) Read(IDataView rows, DataViewSchema.Column features, DataViewSchema.Column? label, string name)
    {
        var size = ((VectorDataViewType)features.Type).Size;
        var (values, labels) = (new List<float>(), new List<string>());
        using var cursor = rows.GetRowCursor(label is { } needed ? [features, needed] : [features]);
        var getFeatures = cursor.GetGetter<VBuffer<float>>(features);
        var getLabel = label is { } column ? Labels(cursor, column) : null;
        VBuffer<float> row = default;
        for (var count = 1; cursor.MoveNext(); count++)
        {
            getFeatures(ref row);
            CollectionsMarshal.SetCount(values, count * size);
            row.CopyTo(CollectionsMarshal.AsSpan(values)[^size..]);
            if (getLabel?.Invoke() is { } text)
                labels.Add(text is not "" ? text : throw new TransferException(FormattableString.Invariant(
                    $"Every row of the {name} has a label; received none in row {count} of '{label!.Value.Name}'. Label it, or leave the row out.")));
        }
        return (new FeatureMatrix(values.Count / size, size, [.. values]), labels);
    }

    /// <summary>The name of the class of the cursor's row; empty where there is none.</summary>
    private static Func<string> Labels(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        if (column.Type is BooleanDataViewType)
        {
            var (getTruth, truth) = (cursor.GetGetter<bool>(column), false);
            return () =>
            {
                getTruth(ref truth);
                return Truths[truth ? 1 : 0];
            };
        }
        if (column.Type is KeyDataViewType)
        {
            var (getKey, names, key) = (cursor.GetGetter<uint>(column), NamesOf(column), 0u);
            return () =>
            {
                getKey(ref key);
                return key == 0 ? "" : names[(int)key - 1];
            };
        }
        var getText = cursor.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> text = default;
        return () =>
        {
            getText(ref text);
            return text.ToString();
        };
    }

    private static string[] NamesOf(DataViewSchema.Column key)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        key.GetKeyValues(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    private static bool IsNamedKey(DataViewSchema.Column column) =>
        column.Type is KeyDataViewType && column.Type.RawType == typeof(uint)
        && column.Annotations.Schema.GetColumnOrNull(KeyValues) is { Type: VectorDataViewType { ItemType: TextDataViewType } };

    private static string Shown(SchemaShape.Column column) =>
        $"{column.Name} ({(column.IsKey ? "key" : column.Kind == SchemaShape.Column.VectorKind.Scalar ? $"{column.ItemType}" : $"{column.Kind} of {column.ItemType}")})";

    private static TransferException NoFeatures(string name, string what, IEnumerable<string> columns) => new(
        $"A column '{name}' of features, a vector of floats of one size, is needed in the {what}; received {string.Join(", ", columns)}. Featurise source and target alike, or name the column.");

    private static TransferException NoLabel(string name, string what, IEnumerable<string> columns) => new(
        $"A column '{name}' of labels (text, Boolean, or a key with text values) is needed in the {what}; received {string.Join(", ", columns)}. Name the column, or turn it into a key (MapValueToKey).");
}
