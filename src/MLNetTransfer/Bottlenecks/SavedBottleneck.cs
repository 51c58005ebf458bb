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

    /// <summary>ML.NET's OnnxTransformer stores the bytes of the network, after their number as 32 bits, in an entry of its own.</summary>
    private static byte[] ReadOnnx(string file)
    {
        using var zip = ZipFile.OpenRead(file);
        var entry = zip.Entries.FirstOrDefault(entry => entry.Name == "OnnxModel") ?? throw NoBottlenecks(file);
        using var reader = new BinaryReader(entry.Open());
        var length = reader.ReadInt32();
        if (length != entry.Length - sizeof(int))
            throw NoBottlenecks(file);
        return reader.ReadBytes(length);
    }

    private static TransferException NoBottlenecks(string file) =>
        new($"A model of this library holds a network and its preprocessing; '{file}' does not. Load a model.zip that this library saved.");

    private sealed class PathRow
    {
        public string BottleneckImagePath { get; set; } = "";
    }
}
