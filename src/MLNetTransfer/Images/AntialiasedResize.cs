using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNetTransfer.Images;

/// <summary>
/// Anti-aliased resize of 8-bit pixels of four channels into floats, without rounding in between. Each input row is shrunk horizontally
/// and added at once to the output rows it reaches: memory is the output and one row, whatever the input's size. The order of additions
/// is fixed and no multiply-add is fused, so that every machine gives the same bits.
/// </summary>
internal static class AntialiasedResize
{
    /// <summary>Computes a window of the resized picture.</summary>
    /// <param name="pixels">height rows of width pixels of four bytes.</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="plan">The size of the whole resized picture, and the square wanted of it.</param>
    /// <param name="square">Receives side x side x 4 values of 0..255.</param>
    public static void Resize(ReadOnlySpan<byte> pixels, int width, int height, in ResizePlan plan, Span<float> square)
    {
        using var horizontal = ResizeWeights.Create(width, plan.Width, plan.Left, plan.Side);
        using var vertical = ResizeWeights.Create(height, plan.Height, plan.Top, plan.Side);
        var rowLength = 4 * plan.Side;
        var row = ArrayPool<float>.Shared.Rent(rowLength);
        var shrunk = row.AsSpan(0, rowLength);
        var first = vertical.First;
        var count = vertical.Count;
        var values = vertical.Values;
        var next = 0;
        var end = first[^1] + count[^1];
        for (var y = first[0]; y < end; y++)
        {
            ShrinkRow(pixels.Slice(y * width * 4, width * 4), horizontal, shrunk);
            while (first[next] + count[next] <= y)
                next++;
            for (var i = next; i < plan.Side && first[i] <= y; i++)
            {
                var tap = y - first[i];
                Accumulate(shrunk, values[(i * vertical.Taps) + tap], square.Slice(i * rowLength, rowLength), isFirst: tap == 0);
            }
        }
        ArrayPool<float>.Shared.Return(row);
    }

    private static void ShrinkRow(ReadOnlySpan<byte> pixels, in ResizeWeights weights, Span<float> shrunk)
    {
        ref var input = ref MemoryMarshal.GetReference(pixels);
        ref var output = ref MemoryMarshal.GetReference(shrunk);
        var first = weights.First;
        var count = weights.Count;
        var values = weights.Values;
        for (var i = 0; i < first.Length; i++)
        {
            // The weights stay inside the row by construction, which spares a bounds check a tap.
            ref var pixel = ref Unsafe.Add(ref input, first[i] * 4);
            var taps = values.Slice(i * weights.Taps, count[i]);
            var sum = Vector128<float>.Zero;
            foreach (var weight in taps)
            {
                var bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(ref pixel)).AsByte();
                var channels = Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32());
                sum += channels * weight;
                pixel = ref Unsafe.Add(ref pixel, 4);
            }
            sum.StoreUnsafe(ref Unsafe.Add(ref output, i * 4));
        }
    }

    private static void Accumulate(ReadOnlySpan<float> row, float weight, Span<float> sum, bool isFirst)
    {
        if (isFirst)
            sum.Clear();
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(row);
        var sums = MemoryMarshal.Cast<float, Vector<float>>(sum);
        for (var i = 0; i < vectors.Length; i++)
            sums[i] += vectors[i] * weight;
        for (var i = vectors.Length * Vector<float>.Count; i < row.Length; i++)
            sum[i] += row[i] * weight;
    }
}
