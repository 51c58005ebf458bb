using MLNetTransfer.Heads;

namespace MLNetTransfer.Transfer;

/// <summary>
/// The head as the bytes of an entry of the model file, so that serving need not open the ML.NET model: format, outputs, features, positive class
/// (32-bit integers), threshold (32-bit float), biases, weights (64-bit floats), all little-endian. The classes are those of the card.
/// </summary>
internal static class SavedHead
{
    private const int Format = 1;

    public static byte[] Write(LinearHead head)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Format);
        writer.Write(head.Biases.Length);
        writer.Write(head.Features);
        writer.Write(head.Positive is null ? -1 : head.Positive == head.Classes[0] ? 0 : 1);
        writer.Write(head.Threshold);
        foreach (var value in head.Biases)
            writer.Write(value);
        foreach (var value in head.Weights)
            writer.Write(value);
        writer.Flush();
        return stream.ToArray();
    }

    /// <exception cref="TransferException">The bytes are those of another version.</exception>
    public static LinearHead Read(byte[] bytes, ModelCard card, string file)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        if (reader.ReadInt32() is not Format and var format)
            throw new TransferException($"The head of a model has the format {Format}; that of '{file}' has {format}. Use the version that trained it.");
        var (outputs, features, positive, threshold) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadSingle());
        var biases = ReadDoubles(reader, outputs);
        return new LinearHead(card.Classes, positive, threshold, ReadDoubles(reader, outputs * features), biases);
    }

    private static double[] ReadDoubles(BinaryReader reader, int count)
    {
        var values = new double[count];
        for (var i = 0; i < count; i++)
            values[i] = reader.ReadDouble();
        return values;
    }
}
