using System.Numerics.Tensors;

namespace MLNetTransfer.Heads;

/// <summary>
/// Minimises a smooth convex function by limited-memory BFGS (Nocedal and Wright, Numerical Optimization, 2nd edition 2006,
/// algorithm 7.5) with a backtracking line search.
/// </summary>
internal static class Lbfgs
{
    public delegate double Function(ReadOnlySpan<double> parameters, Span<double> gradient);

    private const int Memory = 10;
    private const int MaximumIterations = 500;

    /// <summary>Moves the parameters to the minimum; stops when a step lowers the function by less than <paramref name="tolerance"/> of its value.</summary>
    public static void Minimize(Function function, double[] parameters, double tolerance)
    {
        var n = parameters.Length;
        double[] gradient = new double[n], direction = new double[n], next = new double[n], nextGradient = new double[n];
        var steps = new List<(double[] S, double[] Y, double Rho)>(Memory);
        var value = function(parameters, gradient);
        for (var iteration = 0; iteration < MaximumIterations; iteration++)
        {
            TensorPrimitives.Negate(gradient, direction);
            Precondition(direction, steps);
            var slope = TensorPrimitives.Dot(gradient, direction);
            if (!(slope < 0))
                return;
            // Without curvature to go by, the first step moves the parameters by a unit length.
            var step = steps.Count == 0 ? Math.Min(1, 1 / TensorPrimitives.Norm<double>(gradient)) : 1;
            double nextValue;
            while (true)
            {
                TensorPrimitives.MultiplyAdd(direction, step, parameters, next);
                nextValue = function(next, nextGradient);
                if (nextValue <= value + 1e-4 * step * slope)
                    break;
                step /= 2;
                if (step < 1e-10)
                    return; // the decrease is below the rounding of the function
            }
            Remember(steps, parameters, next, gradient, nextGradient);
            var decrease = value - nextValue;
            next.CopyTo(parameters, 0);
            (gradient, nextGradient) = (nextGradient, gradient);
            value = nextValue;
            if (decrease <= tolerance * Math.Max(1, Math.Abs(value)))
                return;
        }
    }

    private static void Precondition(double[] direction, List<(double[] S, double[] Y, double Rho)> steps)
    {
        var alpha = new double[steps.Count];
        for (var i = steps.Count - 1; i >= 0; i--)
        {
            alpha[i] = steps[i].Rho * TensorPrimitives.Dot<double>(steps[i].S, direction);
            TensorPrimitives.MultiplyAdd(steps[i].Y, -alpha[i], direction, direction);
        }
        if (steps.Count > 0)
            TensorPrimitives.Multiply(direction, 1 / (steps[^1].Rho * TensorPrimitives.SumOfSquares<double>(steps[^1].Y)), direction);
        for (var i = 0; i < steps.Count; i++)
        {
            var beta = steps[i].Rho * TensorPrimitives.Dot<double>(steps[i].Y, direction);
            TensorPrimitives.MultiplyAdd(steps[i].S, alpha[i] - beta, direction, direction);
        }
    }

    private static void Remember(List<(double[] S, double[] Y, double Rho)> steps, double[] from, double[] to, double[] gradientFrom, double[] gradientTo)
    {
        double[] s = new double[from.Length], y = new double[from.Length];
        TensorPrimitives.Subtract(to, from, s);
        TensorPrimitives.Subtract(gradientTo, gradientFrom, y);
        var curvature = TensorPrimitives.Dot<double>(s, y);
        if (!(curvature > 1e-12 * TensorPrimitives.SumOfSquares<double>(y)))
            return;
        if (steps.Count == Memory)
            steps.RemoveAt(0);
        steps.Add((s, y, 1 / curvature));
    }
}
