using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MLNetTransfer.Benchmarks;

/// <summary>Reads real, full matrices of a MATLAB 5 file (The MathWorks, "MAT-File Format"), little-endian, compressed or not: what published features come as.</summary>
internal static class MatFile
{
    private const int HeaderLength = 128;
    private const int Compressed = 15;
    private const int MatrixElement = 14;

    /// <summary>The matrices by name: rows, columns and values, column after column as MATLAB keeps them.</summary>
    public static IReadOnlyDictionary<string, (int Rows, int Columns, double[] Values)> Read(string path)
    {
        var matrices = new Dictionary<string, (int, int, double[])>();
        for (var rest = File.ReadAllBytes(path).AsSpan(HeaderLength); rest.Length >= 8;)
        {
            var (type, length) = (BinaryPrimitives.ReadInt32LittleEndian(rest), BinaryPrimitives.ReadInt32LittleEndian(rest[4..]));
            var data = rest.Slice(8, length);
            if (type == Compressed)
            {
                var inflated = Inflate(data);
                type = BinaryPrimitives.ReadInt32LittleEndian(inflated);
                data = inflated.AsSpan(8);
            }
            if (type == MatrixElement)
            {
                var (name, matrix) = Matrix(data, path);
                matrices.Add(name, matrix);
            }
            rest = rest[(8 + length)..];
        }
        return matrices;
    }

    private static (string, (int, int, double[])) Matrix(ReadOnlySpan<byte> data, string path)
    {
        Next(ref data, out _);
        var dimensions = Next(ref data, out _);
        var name = Encoding.ASCII.GetString(Next(ref data, out _));
        var (rows, columns) = (BinaryPrimitives.ReadInt32LittleEndian(dimensions), BinaryPrimitives.ReadInt32LittleEndian(dimensions[4..]));
        var values = Next(ref data, out var type);
        var numbers = new double[rows * columns];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = type switch
            {
                1 => (sbyte)values[i],
                2 => values[i],
                3 => BinaryPrimitives.ReadInt16LittleEndian(values[(2 * i)..]),
                4 => BinaryPrimitives.ReadUInt16LittleEndian(values[(2 * i)..]),
                7 => BinaryPrimitives.ReadSingleLittleEndian(values[(4 * i)..]),
                9 => BinaryPrimitives.ReadDoubleLittleEndian(values[(8 * i)..]),
                _ => throw new TransferException($"Matrices of real numbers are read; '{name}' in '{path}' is of element type {type}."),
            };
        return (name, (rows, columns, numbers));
    }

    /// <summary>The next sub-element: a short one keeps its length and up to four bytes in eight, a long one is padded to eight.</summary>
    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> data, out int type)
    {
        type = BinaryPrimitives.ReadInt32LittleEndian(data);
        if (type >> 16 is > 0 and var small)
        {
            type &= 0xffff;
            var inside = data.Slice(4, small);
            data = data[8..];
            return inside;
        }
        var length = BinaryPrimitives.ReadInt32LittleEndian(data[4..]);
        var content = data.Slice(8, length);
        data = data[Math.Min(data.Length, 8 + ((length + 7) & ~7))..];
        return content;
    }

    private static byte[] Inflate(ReadOnlySpan<byte> data)
    {
        using var stream = new ZLibStream(new MemoryStream(data.ToArray()), CompressionMode.Decompress);
        using var inflated = new MemoryStream();
        stream.CopyTo(inflated);
        return inflated.ToArray();
    }
}
