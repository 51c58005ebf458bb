using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNetTransfer.Heads;

/// <summary>
/// The two inner loops of a fit: 32-bit features, 64-bit sums, four rows at a time so that weights and gradient are read once for four.
/// Against sums in 32 bits they cost nothing where it matters, because memory is the limit there (see the benchmark 'head').
/// </summary>
internal static class WideningKernels
{
    /// <summary>Adds to each sum the product of a row and the weights; all of one length.</summary>
    public static void Dot(ReadOnlySpan<float> x0, ReadOnlySpan<float> x1, ReadOnlySpan<float> x2, ReadOnlySpan<float> x3, ReadOnlySpan<double> weights, Span<double> sums)
    {
        var length = weights.Length;
        ref float a = ref MemoryMarshal.GetReference(x0[..length]), b = ref MemoryMarshal.GetReference(x1[..length]);
        ref float c = ref MemoryMarshal.GetReference(x2[..length]), d = ref MemoryMarshal.GetReference(x3[..length]);
        ref var w = ref MemoryMarshal.GetReference(weights);
        Vector256<double> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        var i = 0;
        for (; i <= length - 8; i += 8)
        {
            var (low, high) = (Vector256.LoadUnsafe(ref w, (nuint)i), Vector256.LoadUnsafe(ref w, (nuint)i + 4));
            Accumulate(ref a, i, low, high, ref a0, ref a1);
            Accumulate(ref b, i, low, high, ref b0, ref b1);
            Accumulate(ref c, i, low, high, ref c0, ref c1);
            Accumulate(ref d, i, low, high, ref d0, ref d1);
        }
        double sa = Vector256.Sum(a0 + a1), sb = Vector256.Sum(b0 + b1), sc = Vector256.Sum(c0 + c1), sd = Vector256.Sum(d0 + d1);
        for (; i < length; i++)
        {
            var weight = Unsafe.Add(ref w, i);
            sa += weight * Unsafe.Add(ref a, i);
            sb += weight * Unsafe.Add(ref b, i);
            sc += weight * Unsafe.Add(ref c, i);
            sd += weight * Unsafe.Add(ref d, i);
        }
        sums[0] += sa;
        sums[1] += sb;
        sums[2] += sc;
        sums[3] += sd;
    }

    /// <summary>Adds four multiples of rows to the target; all of one length.</summary>
    public static void MultiplyAdd(
        ReadOnlySpan<float> x0, ReadOnlySpan<float> x1, ReadOnlySpan<float> x2, ReadOnlySpan<float> x3, ReadOnlySpan<double> factors, Span<double> target)
    {
        var length = target.Length;
        ref float a = ref MemoryMarshal.GetReference(x0[..length]), b = ref MemoryMarshal.GetReference(x1[..length]);
        ref float c = ref MemoryMarshal.GetReference(x2[..length]), d = ref MemoryMarshal.GetReference(x3[..length]);
        ref var t = ref MemoryMarshal.GetReference(target);
        double fa = factors[0], fb = factors[1], fc = factors[2], fd = factors[3];
        Vector256<double> va = Vector256.Create(fa), vb = Vector256.Create(fb), vc = Vector256.Create(fc), vd = Vector256.Create(fd);
        var i = 0;
        for (; i <= length - 8; i += 8)
        {
            var (low, high) = (Vector256.LoadUnsafe(ref t, (nuint)i), Vector256.LoadUnsafe(ref t, (nuint)i + 4));
            Accumulate(ref a, i, va, va, ref low, ref high);
            Accumulate(ref b, i, vb, vb, ref low, ref high);
            Accumulate(ref c, i, vc, vc, ref low, ref high);
            Accumulate(ref d, i, vd, vd, ref low, ref high);
            low.StoreUnsafe(ref t, (nuint)i);
            high.StoreUnsafe(ref t, (nuint)i + 4);
        }
        for (; i < length; i++)
            Unsafe.Add(ref t, i) += fa * Unsafe.Add(ref a, i) + fb * Unsafe.Add(ref b, i) + fc * Unsafe.Add(ref c, i) + fd * Unsafe.Add(ref d, i);
    }

    /// <summary>The product of one row and the weights.</summary>
    public static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<double> weights)
    {
        var length = weights.Length;
        ref var a = ref MemoryMarshal.GetReference(x[..length]);
        ref var w = ref MemoryMarshal.GetReference(weights);
        Vector256<double> a0 = default, a1 = default;
        var i = 0;
        for (; i <= length - 8; i += 8)
            Accumulate(ref a, i, Vector256.LoadUnsafe(ref w, (nuint)i), Vector256.LoadUnsafe(ref w, (nuint)i + 4), ref a0, ref a1);
        var sum = Vector256.Sum(a0 + a1);
        for (; i < length; i++)
            sum += Unsafe.Add(ref w, i) * Unsafe.Add(ref a, i);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(ref float row, int i, Vector256<double> low, Vector256<double> high, ref Vector256<double> sumLow, ref Vector256<double> sumHigh)
    {
        var (xLow, xHigh) = Vector256.Widen(Vector256.LoadUnsafe(ref row, (nuint)i));
        sumLow = Vector256.MultiplyAddEstimate(xLow, low, sumLow);
        sumHigh = Vector256.MultiplyAddEstimate(xHigh, high, sumHigh);
    }
}
