using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;

namespace MLNetTransfer.Benchmarks;

/// <summary>
/// Features like those of a network: never negative, correlated, most of what is in them of no use to the task. 24 hidden causes, 6 of which
/// differ between the two classes, are mixed into every feature, noise is added and what is below 0 is cut off.
/// </summary>
internal static class HeadData
{
    private const int Causes = 24;
    private const int Telling = 6;
    private const string Header = "{'descr': '<$', 'fortran_order': False, 'shape': (#), }";

    /// <summary>Draws the matrix of a part, train or test, and writes it and its labels as .npy files.</summary>
    public static void Write(string folder, string part, int rows, int columns)
    {
        var mixing = new float[Causes * columns];
        var random = RandomStream.Derive(1, "mixing");
        for (var i = 0; i < mixing.Length; i++)
            mixing[i] = .5f * (float)random.NextNormal();
        var values = new float[(long)rows * columns];
        int[] labels = [.. Enumerable.Range(0, rows).Select(row => row % 2)];
        var rowsOf = RandomStream.Derive(1, part);
        Parallel.For(0, rows, row =>
        {
            var stream = rowsOf.At(row);
            var features = values.AsSpan(row * columns, columns);
            for (var j = 0; j < columns; j++)
                features[j] = stream.NextSingle(-2, 2);
            for (var cause = 0; cause < Causes; cause++)
            {
                var strength = (float)stream.NextNormal() + (cause >= Telling ? 0 : labels[row] == 1 ? .35f : -.35f);
                TensorPrimitives.MultiplyAdd(mixing.AsSpan(cause * columns, columns), strength, features, features);
            }
            TensorPrimitives.Max(features, 0, features);
        });
        WriteArray(Path.Combine(folder, $"{part}.npy"), "f4", $"{rows}, {columns}", MemoryMarshal.AsBytes(values.AsSpan()));
        WriteArray(Path.Combine(folder, $"{part}-labels.npy"), "i4", $"{rows},", MemoryMarshal.AsBytes(labels.AsSpan()));
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static (FeatureMatrix Features, int[] Labels) Read(string folder, string part)
    {
        var labels = ReadArray<int>(Path.Combine(folder, $"{part}-labels.npy"));
        var values = ReadArray<float>(Path.Combine(folder, $"{part}.npy"));
        return (new FeatureMatrix(labels.Length, values.Length / labels.Length, values), labels);
    }

    /// <summary>Version 1.0 of the format: a magic, the length of the header, the header padded to a multiple of 64 bytes.</summary>
    private static void WriteArray(string path, string type, string shape, ReadOnlySpan<byte> values)
    {
        var header = Header.Replace("$", type, StringComparison.Ordinal).Replace("#", shape, StringComparison.Ordinal);
        header = header.PadRight((header.Length + 10) / 64 * 64 + 64 - 11) + "\n";
        using var file = File.Create(path);
        file.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8), .. Encoding.ASCII.GetBytes(header)]);
        file.Write(values);
    }

    private static T[] ReadArray<T>(string path)
        where T : unmanaged
    {
        using var file = File.OpenRead(path);
        file.Position = 8;
        var start = 10 + file.ReadByte() + 256 * file.ReadByte();
        file.Position = start;
        var values = new T[(file.Length - start) / Marshal.SizeOf<T>()];
        file.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
