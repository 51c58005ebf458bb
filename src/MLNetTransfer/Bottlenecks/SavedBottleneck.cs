using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNetTransfer.Images;

namespace MLNetTransfer.Bottlenecks;

/// <summary>Reads the network and its preprocessing back out of a saved model.</summary>
internal static class SavedBottleneck
{
    public static (byte[] Onnx, Preprocessing Preprocessing) Read(ITransformer model, string file)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(file);
        var preprocessing = Flatten(model).OfType<ExpressionTransformer>().Select(ReadConstant).FirstOrDefault(text => text is not null)
            ?? throw NoBottlenecks(file);
        return (ReadOnnx(file), Preprocessing.FromJson(preprocessing));
    }

    private static IEnumerable<ITransformer> Flatten(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];

    /// <summary>The constant that an expression gives for an image path; null when it is not the expression of the preprocessing.</summary>
    private static string? ReadConstant(ExpressionTransformer expression)
    {
        var schema = new DataViewSchema.Builder();
        schema.AddColumn(RowChain.Path, TextDataViewType.Instance);
        try
        {
            if (expression.GetOutputSchema(schema.ToSchema()).GetColumnOrNull(RowChain.Preprocessing) is null)
                return null;
        }
        catch (InvalidOperationException)
        {
            return null; // it takes other columns
        }
        var row = new MLContext(0).Data.LoadFromEnumerable([new PathRow()]);
        return expression.Transform(row).GetColumn<string>(RowChain.Preprocessing).Single();
    }

    /// <summary>Whether an entry of a saved model holds the network.</summary>
    public static bool IsNetwork(string entry) => entry.EndsWith("/OnnxModel", StringComparison.Ordinal) || entry.EndsWith("\\OnnxModel", StringComparison.Ordinal);

    /// <summary>ML.NET's OnnxTransformer stores the bytes of the network, after their number as 32 bits, in an entry of its own.</summary>
    /// <exception cref="TransferException">They are not there.</exception>
    public static byte[] OnnxOf(byte[]? entry, string file) =>
        entry is { Length: >= sizeof(int) } && BinaryPrimitives.ReadInt32LittleEndian(entry) == entry.Length - sizeof(int)
            ? entry[sizeof(int)..]
            : throw NoBottlenecks(file);

    private static byte[] ReadOnnx(string file)
    {
        using var zip = ZipFile.OpenRead(file);
        using var stream = (zip.Entries.FirstOrDefault(entry => IsNetwork(entry.FullName)) ?? throw NoBottlenecks(file)).Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return OnnxOf(bytes.ToArray(), file);
    }

    private static TransferException NoBottlenecks(string file) =>
        new($"A model of this library holds a network and its preprocessing; '{file}' does not. Load a model.zip that this library saved.");

    private sealed class PathRow
    {
        public string BottleneckImagePath { get; set; } = "";
    }
}
