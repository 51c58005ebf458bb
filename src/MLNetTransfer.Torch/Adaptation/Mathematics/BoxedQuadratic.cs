using System.Numerics.Tensors;

namespace MLNetTransfer.Torch.Adaptation.Mathematics;

/// <summary>Minimises x'Kx / 2 - k'x over 0 to limit for every x and a range for their sum, for a positive semi-definite K.</summary>
internal static class BoxedQuadratic
{
    private const int MaximumIterations = 20_000;

    /// <summary>
    /// Accelerated projected gradients with restarts (Beck and Teboulle 2009; O'Donoghue and Candes 2015) until the Frank-Wolfe gap, which bounds the
    /// distance to the minimum, is below <paramref name="tolerance"/> of the two terms.
    /// </summary>
    /// <exception cref="TransferException">The gap is not reached.</exception>
    public static double[] Minimise(Matrix kernel, double[] linear, double limit, double low, double high, double tolerance = 1e-5, CancellationToken cancellation = default)
    {
        var n = linear.Length;
        using var resident = kernel.ToResident();
        double[] Gradient(double[] x)
        {
            var product = resident.Times(new Matrix(n, 1, x)).Values;
            TensorPrimitives.Subtract(product, linear, product);
            return product.ToArray();
        }

        // The largest row sum is no less than the largest eigenvalue.
        var lipschitz = Enumerable.Range(0, n).Max(row => TensorPrimitives.SumOfMagnitudes<double>(kernel.Row(row)));
        double[] x = Project([.. Enumerable.Repeat(1d, n)], limit, low, high), ahead = x;
        var momentum = 1d;
        for (var iteration = 0; iteration < MaximumIterations; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            var gradient = Gradient(ahead);
            double[] step = new double[n], next, change = new double[n];
            TensorPrimitives.MultiplyAdd(gradient, -1 / lipschitz, ahead, step);
            next = Project(step, limit, low, high);
            TensorPrimitives.Subtract(next, x, change);
            var nextMomentum = (1 + Math.Sqrt(1 + (4 * momentum * momentum))) / 2;
            // Uphill: the momentum has turned against the gradient.
            if (TensorPrimitives.Dot<double>(gradient, change) > 0)
                (momentum, nextMomentum) = (1, 1);
            var previous = (momentum - 1) / nextMomentum;
            (x, momentum) = (next, nextMomentum);
            ahead = new double[n];
            TensorPrimitives.MultiplyAdd(change, previous, x, ahead);
            if (iteration % 10 == 9)
            {
                var slope = Gradient(x);
                var scale = Math.Abs(TensorPrimitives.Dot<double>(slope, x)) + (2 * Math.Abs(TensorPrimitives.Dot<double>(linear, x)));
                if (Gap(slope, x, limit, low, high) <= tolerance * scale)
                    return x;
            }
        }
        throw new TransferException(FormattableString.Invariant(
            $"The weights' optimum is reached within {MaximumIterations} steps; {n} of them were not. Standardise the features, or choose another method."));
    }

    /// <summary>How much lower the linear model at x goes within the bounds: an upper bound on the distance to the minimum.</summary>
    internal static double Gap(double[] slope, double[] x, double limit, double low, double high)
    {
        int[] order = [.. Enumerable.Range(0, x.Length).OrderBy(i => slope[i])];
        var (sum, least) = (0d, 0d);
        foreach (var i in order)
        {
            var room = Math.Min(limit, (slope[i] < 0 ? high : low) - sum);
            if (room <= 0)
                break;
            sum += room;
            least += room * slope[i];
        }
        return TensorPrimitives.Dot<double>(slope, x) - least;
    }

    /// <summary>The nearest point within the bounds.</summary>
    internal static double[] Project(double[] x, double limit, double low, double high)
    {
        double[] Shifted(double shift) => [.. x.Select(value => Math.Clamp(value - shift, 0, limit))];
        var clipped = Shifted(0);
        var sum = TensorPrimitives.Sum<double>(clipped);
        if (sum >= low && sum <= high)
            return clipped;
        var wanted = Math.Clamp(sum, low, high);
        var (down, up) = (TensorPrimitives.Min<double>(x) - limit, TensorPrimitives.Max<double>(x));
        for (var i = 0; i < 100; i++)
        {
            var middle = (down + up) / 2;
            if (x.Sum(value => Math.Clamp(value - middle, 0, limit)) > wanted)
                down = middle;
            else
                up = middle;
        }
        return Shifted((down + up) / 2);
    }
}
