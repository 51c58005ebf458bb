using Microsoft.ML.Data;

namespace MLNetTransfer.Bottlenecks;

/// <summary>
/// What the pixel mapping writes to a row: the tensor of an image in pieces whose lengths are powers of 2. A mapping that ML.NET
/// loads by name has its vector lengths fixed at compile time, while the length of a tensor depends on the backbone; the pieces of the
/// binary digits of that length, concatenated, are a vector of just that length. The other pieces are never filled nor read.
/// </summary>
internal sealed class PixelsOutput
{
    [VectorType(1 << 0)] public VBuffer<float> BottleneckPixels0;
    [VectorType(1 << 1)] public VBuffer<float> BottleneckPixels1;
    [VectorType(1 << 2)] public VBuffer<float> BottleneckPixels2;
    [VectorType(1 << 3)] public VBuffer<float> BottleneckPixels3;
    [VectorType(1 << 4)] public VBuffer<float> BottleneckPixels4;
    [VectorType(1 << 5)] public VBuffer<float> BottleneckPixels5;
    [VectorType(1 << 6)] public VBuffer<float> BottleneckPixels6;
    [VectorType(1 << 7)] public VBuffer<float> BottleneckPixels7;
    [VectorType(1 << 8)] public VBuffer<float> BottleneckPixels8;
    [VectorType(1 << 9)] public VBuffer<float> BottleneckPixels9;
    [VectorType(1 << 10)] public VBuffer<float> BottleneckPixels10;
    [VectorType(1 << 11)] public VBuffer<float> BottleneckPixels11;
    [VectorType(1 << 12)] public VBuffer<float> BottleneckPixels12;
    [VectorType(1 << 13)] public VBuffer<float> BottleneckPixels13;
    [VectorType(1 << 14)] public VBuffer<float> BottleneckPixels14;
    [VectorType(1 << 15)] public VBuffer<float> BottleneckPixels15;
    [VectorType(1 << 16)] public VBuffer<float> BottleneckPixels16;
    [VectorType(1 << 17)] public VBuffer<float> BottleneckPixels17;
    [VectorType(1 << 18)] public VBuffer<float> BottleneckPixels18;
    [VectorType(1 << 19)] public VBuffer<float> BottleneckPixels19;
    [VectorType(1 << 20)] public VBuffer<float> BottleneckPixels20;
    [VectorType(1 << 21)] public VBuffer<float> BottleneckPixels21;
    [VectorType(1 << 22)] public VBuffer<float> BottleneckPixels22;
    [VectorType(1 << 23)] public VBuffer<float> BottleneckPixels23;
    [VectorType(1 << 24)] public VBuffer<float> BottleneckPixels24;
    [VectorType(1 << 25)] public VBuffer<float> BottleneckPixels25;

    private const int Pieces = 26;

    /// <summary>The columns whose concatenation has the given length, the longest first.</summary>
    public static string[] ColumnsFor(int length) => [.. PiecesOf(length).Select(piece => $"BottleneckPixels{piece}")];

    /// <summary>Cuts a tensor into its pieces.</summary>
    public void Set(ReadOnlySpan<float> tensor)
    {
        foreach (var piece in PiecesOf(tensor.Length))
        {
            // ML.NET hands in the same object for every row: the memory of the row before is used again.
            ref var buffer = ref Piece(piece);
            var editor = VBufferEditor.Create(ref buffer, 1 << piece);
            tensor[..editor.Values.Length].CopyTo(editor.Values);
            tensor = tensor[editor.Values.Length..];
            buffer = editor.Commit();
        }
    }

    private static IEnumerable<int> PiecesOf(int length) => Enumerable.Range(0, Pieces).Reverse().Where(piece => (length >> piece & 1) == 1);

    private ref VBuffer<float> Piece(int piece)
    {
        switch (piece)
        {
            case 0: return ref BottleneckPixels0;
            case 1: return ref BottleneckPixels1;
            case 2: return ref BottleneckPixels2;
            case 3: return ref BottleneckPixels3;
            case 4: return ref BottleneckPixels4;
            case 5: return ref BottleneckPixels5;
            case 6: return ref BottleneckPixels6;
            case 7: return ref BottleneckPixels7;
            case 8: return ref BottleneckPixels8;
            case 9: return ref BottleneckPixels9;
            case 10: return ref BottleneckPixels10;
            case 11: return ref BottleneckPixels11;
            case 12: return ref BottleneckPixels12;
            case 13: return ref BottleneckPixels13;
            case 14: return ref BottleneckPixels14;
            case 15: return ref BottleneckPixels15;
            case 16: return ref BottleneckPixels16;
            case 17: return ref BottleneckPixels17;
            case 18: return ref BottleneckPixels18;
            case 19: return ref BottleneckPixels19;
            case 20: return ref BottleneckPixels20;
            case 21: return ref BottleneckPixels21;
            case 22: return ref BottleneckPixels22;
            case 23: return ref BottleneckPixels23;
            case 24: return ref BottleneckPixels24;
            case 25: return ref BottleneckPixels25;
            default: throw new ArgumentOutOfRangeException(nameof(piece), piece, null);
        }
    }
}
