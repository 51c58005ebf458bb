using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNetTransfer.Heads;

/// <summary>
/// The two inner loops of fits made together: four rows by up to three columns at a time in 32 bits, so that what is loaded is used three or four
/// times. Rounding of some 1e-6 only bends a direction of descent; values and steps are computed in 64 bits from what came out. Every sum runs in
/// one order however many columns come along, so that no fit can tell which others are made with it. Compiled with optimisation at once: nearly
/// all of the time of a short-lived process is spent here.
/// </summary>
internal static class BatchKernels
{
    /// <summary>Rows taken at a time.</summary>
    public const int Rows = 4;

    /// <summary>Columns taken at a time at most.</summary>
    public const int Columns = 3;

    /// <summary>Adds to sums[row x 3 + column] the product of a row and a column of weights; all of one length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dot(
        ReadOnlySpan<float> x0, ReadOnlySpan<float> x1, ReadOnlySpan<float> x2, ReadOnlySpan<float> x3,
        ReadOnlySpan<float> w0, ReadOnlySpan<float> w1, ReadOnlySpan<float> w2, Span<float> sums)
    {
        var length = w0.Length;
        ref float a = ref MemoryMarshal.GetReference(x0[..length]), b = ref MemoryMarshal.GetReference(x1[..length]);
        ref float c = ref MemoryMarshal.GetReference(x2[..length]), d = ref MemoryMarshal.GetReference(x3[..length]);
        ref float u = ref MemoryMarshal.GetReference(w0), v = ref MemoryMarshal.GetReference(w1[..length]), w = ref MemoryMarshal.GetReference(w2[..length]);
        Vector256<float> a0 = default, a1 = default, a2 = default, b0 = default, b1 = default, b2 = default;
        Vector256<float> c0 = default, c1 = default, c2 = default, d0 = default, d1 = default, d2 = default;
        nuint i = 0;
        for (; i + 8 <= (nuint)length; i += 8)
        {
            Vector256<float> p = Vector256.LoadUnsafe(ref u, i), q = Vector256.LoadUnsafe(ref v, i), r = Vector256.LoadUnsafe(ref w, i);
            var x = Vector256.LoadUnsafe(ref a, i);
            (a0, a1, a2) = (Vector256.MultiplyAddEstimate(x, p, a0), Vector256.MultiplyAddEstimate(x, q, a1), Vector256.MultiplyAddEstimate(x, r, a2));
            x = Vector256.LoadUnsafe(ref b, i);
            (b0, b1, b2) = (Vector256.MultiplyAddEstimate(x, p, b0), Vector256.MultiplyAddEstimate(x, q, b1), Vector256.MultiplyAddEstimate(x, r, b2));
            x = Vector256.LoadUnsafe(ref c, i);
            (c0, c1, c2) = (Vector256.MultiplyAddEstimate(x, p, c0), Vector256.MultiplyAddEstimate(x, q, c1), Vector256.MultiplyAddEstimate(x, r, c2));
            x = Vector256.LoadUnsafe(ref d, i);
            (d0, d1, d2) = (Vector256.MultiplyAddEstimate(x, p, d0), Vector256.MultiplyAddEstimate(x, q, d1), Vector256.MultiplyAddEstimate(x, r, d2));
        }
        Span<float> products =
        [
            Vector256.Sum(a0), Vector256.Sum(a1), Vector256.Sum(a2), Vector256.Sum(b0), Vector256.Sum(b1), Vector256.Sum(b2),
            Vector256.Sum(c0), Vector256.Sum(c1), Vector256.Sum(c2), Vector256.Sum(d0), Vector256.Sum(d1), Vector256.Sum(d2),
        ];
        for (; i < (nuint)length; i++)
        {
            float p = Unsafe.Add(ref u, i), q = Unsafe.Add(ref v, i), r = Unsafe.Add(ref w, i);
            Add(products, 0, Unsafe.Add(ref a, i), p, q, r);
            Add(products, 3, Unsafe.Add(ref b, i), p, q, r);
            Add(products, 6, Unsafe.Add(ref c, i), p, q, r);
            Add(products, 9, Unsafe.Add(ref d, i), p, q, r);
        }
        for (var k = 0; k < products.Length; k++)
            sums[k] += products[k];

        static void Add(Span<float> products, int at, float x, float p, float q, float r)
        {
            products[at] += x * p;
            products[at + 1] += x * q;
            products[at + 2] += x * r;
        }
    }

    /// <summary>Adds to sums[row x 3] the product of a row and one column of weights, the same bits as three at a time; all of one length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dot(
        ReadOnlySpan<float> x0, ReadOnlySpan<float> x1, ReadOnlySpan<float> x2, ReadOnlySpan<float> x3, ReadOnlySpan<float> weights, Span<float> sums)
    {
        var length = weights.Length;
        ref float a = ref MemoryMarshal.GetReference(x0[..length]), b = ref MemoryMarshal.GetReference(x1[..length]);
        ref float c = ref MemoryMarshal.GetReference(x2[..length]), d = ref MemoryMarshal.GetReference(x3[..length]);
        ref var w = ref MemoryMarshal.GetReference(weights);
        Vector256<float> a0 = default, b0 = default, c0 = default, d0 = default;
        nuint i = 0;
        for (; i + 8 <= (nuint)length; i += 8)
        {
            var p = Vector256.LoadUnsafe(ref w, i);
            a0 = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref a, i), p, a0);
            b0 = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref b, i), p, b0);
            c0 = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref c, i), p, c0);
            d0 = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref d, i), p, d0);
        }
        float sa = Vector256.Sum(a0), sb = Vector256.Sum(b0), sc = Vector256.Sum(c0), sd = Vector256.Sum(d0);
        for (; i < (nuint)length; i++)
        {
            var weight = Unsafe.Add(ref w, i);
            sa += weight * Unsafe.Add(ref a, i);
            sb += weight * Unsafe.Add(ref b, i);
            sc += weight * Unsafe.Add(ref c, i);
            sd += weight * Unsafe.Add(ref d, i);
        }
        sums[0] += sa;
        sums[Columns] += sb;
        sums[2 * Columns] += sc;
        sums[3 * Columns] += sd;
    }

    /// <summary>Adds to each of three targets four multiples of rows, factors[row x 3 + target]; all of one length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyAdd(
        ReadOnlySpan<float> x0, ReadOnlySpan<float> x1, ReadOnlySpan<float> x2, ReadOnlySpan<float> x3, ReadOnlySpan<float> factors,
        Span<float> t0, Span<float> t1, Span<float> t2)
    {
        var length = t0.Length;
        ref float a = ref MemoryMarshal.GetReference(x0[..length]), b = ref MemoryMarshal.GetReference(x1[..length]);
        ref float c = ref MemoryMarshal.GetReference(x2[..length]), d = ref MemoryMarshal.GetReference(x3[..length]);
        ref float u = ref MemoryMarshal.GetReference(t0), v = ref MemoryMarshal.GetReference(t1[..length]), w = ref MemoryMarshal.GetReference(t2[..length]);
        Vector256<float> a0 = Vector256.Create(factors[0]), a1 = Vector256.Create(factors[1]), a2 = Vector256.Create(factors[2]);
        Vector256<float> b0 = Vector256.Create(factors[3]), b1 = Vector256.Create(factors[4]), b2 = Vector256.Create(factors[5]);
        Vector256<float> c0 = Vector256.Create(factors[6]), c1 = Vector256.Create(factors[7]), c2 = Vector256.Create(factors[8]);
        Vector256<float> d0 = Vector256.Create(factors[9]), d1 = Vector256.Create(factors[10]), d2 = Vector256.Create(factors[11]);
        nuint i = 0;
        for (; i + 8 <= (nuint)length; i += 8)
        {
            Vector256<float> p = Vector256.LoadUnsafe(ref a, i), q = Vector256.LoadUnsafe(ref b, i), r = Vector256.LoadUnsafe(ref c, i), s = Vector256.LoadUnsafe(ref d, i);
            Four(p, q, r, s, a0, b0, c0, d0, Vector256.LoadUnsafe(ref u, i)).StoreUnsafe(ref u, i);
            Four(p, q, r, s, a1, b1, c1, d1, Vector256.LoadUnsafe(ref v, i)).StoreUnsafe(ref v, i);
            Four(p, q, r, s, a2, b2, c2, d2, Vector256.LoadUnsafe(ref w, i)).StoreUnsafe(ref w, i);
        }
        for (; i < (nuint)length; i++)
        {
            float p = Unsafe.Add(ref a, i), q = Unsafe.Add(ref b, i), r = Unsafe.Add(ref c, i), s = Unsafe.Add(ref d, i);
            Unsafe.Add(ref u, i) += p * factors[0] + q * factors[3] + r * factors[6] + s * factors[9];
            Unsafe.Add(ref v, i) += p * factors[1] + q * factors[4] + r * factors[7] + s * factors[10];
            Unsafe.Add(ref w, i) += p * factors[2] + q * factors[5] + r * factors[8] + s * factors[11];
        }
    }

    /// <summary>Adds to a target four multiples of rows, factors[row x 3], the same bits as three at a time; all of one length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyAdd(
        ReadOnlySpan<float> x0, ReadOnlySpan<float> x1, ReadOnlySpan<float> x2, ReadOnlySpan<float> x3, ReadOnlySpan<float> factors, Span<float> target)
    {
        var length = target.Length;
        ref float a = ref MemoryMarshal.GetReference(x0[..length]), b = ref MemoryMarshal.GetReference(x1[..length]);
        ref float c = ref MemoryMarshal.GetReference(x2[..length]), d = ref MemoryMarshal.GetReference(x3[..length]);
        ref var t = ref MemoryMarshal.GetReference(target);
        float fa = factors[0], fb = factors[Columns], fc = factors[2 * Columns], fd = factors[3 * Columns];
        Vector256<float> va = Vector256.Create(fa), vb = Vector256.Create(fb), vc = Vector256.Create(fc), vd = Vector256.Create(fd);
        nuint i = 0;
        for (; i + 8 <= (nuint)length; i += 8)
            Four(Vector256.LoadUnsafe(ref a, i), Vector256.LoadUnsafe(ref b, i), Vector256.LoadUnsafe(ref c, i), Vector256.LoadUnsafe(ref d, i),
                va, vb, vc, vd, Vector256.LoadUnsafe(ref t, i)).StoreUnsafe(ref t, i);
        for (; i < (nuint)length; i++)
            Unsafe.Add(ref t, i) += fa * Unsafe.Add(ref a, i) + fb * Unsafe.Add(ref b, i) + fc * Unsafe.Add(ref c, i) + fd * Unsafe.Add(ref d, i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Four(
        Vector256<float> p, Vector256<float> q, Vector256<float> r, Vector256<float> s,
        Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d, Vector256<float> sum) =>
        Vector256.MultiplyAddEstimate(s, d, Vector256.MultiplyAddEstimate(r, c, Vector256.MultiplyAddEstimate(q, b, Vector256.MultiplyAddEstimate(p, a, sum))));
}
