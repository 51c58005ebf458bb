using System.Numerics.Tensors;

namespace MLNetTransfer.Torch.Adaptation.Mathematics;

/// <summary>The transport plan of least cost less regularisation times its entropy, between uniform weights (Cuturi, "Sinkhorn Distances", NIPS 2013).</summary>
internal static class TransportPlan
{
    private const int MaximumIterations = 1000;

    /// <summary>Scales the kernel exp(-cost / regularisation) until the column sums are 1 / columns within <paramref name="tolerance"/> of that; the row sums are exact.</summary>
    /// <exception cref="TransferException">The kernel vanishes for a row or column, or the sums are not reached.</exception>
    public static Matrix Solve(Matrix cost, double regularisation, double tolerance = 1e-6, CancellationToken cancellation = default)
    {
        var (rows, columns) = (cost.Rows, cost.Columns);
        var plan = cost.Copy();
        // The least cost of a row moves into its scale: it keeps the kernel from vanishing.
        for (var i = 0; i < rows; i++)
            TensorPrimitives.Subtract(plan.Row(i), TensorPrimitives.Min<double>(plan.Row(i)), plan.Row(i));
        TensorPrimitives.Multiply(plan.Values, -1 / regularisation, plan.Values);
        TensorPrimitives.Exp(plan.Values, plan.Values);
        double[] u = new double[rows], v = new double[columns], sums = new double[columns];
        Array.Fill(u, 1.0 / rows);
        for (var iteration = 0; iteration < MaximumIterations; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            Array.Clear(sums);
            for (var i = 0; i < rows; i++)
                TensorPrimitives.MultiplyAdd(plan.Row(i), u[i], sums, sums);
            var isDone = iteration > 0;
            for (var j = 0; j < columns; j++)
            {
                isDone &= Math.Abs((v[j] * sums[j] * columns) - 1) <= tolerance;
                v[j] = 1 / (columns * sums[j]);
            }
            if (isDone)
                break;
            if (iteration == MaximumIterations - 1 || !double.IsFinite(TensorPrimitives.Sum<double>(v)))
                throw new TransferException(FormattableString.Invariant(
                    $"A transport plan fits its sums within {MaximumIterations} iterations; with the regularisation {regularisation:g3} this one of {rows} x {columns} does not. Raise the regularisation."));
            for (var i = 0; i < rows; i++)
                u[i] = 1 / (rows * TensorPrimitives.Dot<double>(plan.Row(i), v));
        }
        for (var i = 0; i < rows; i++)
        {
            TensorPrimitives.Multiply(plan.Row(i), v, plan.Row(i));
            TensorPrimitives.Divide(plan.Row(i), TensorPrimitives.Sum<double>(plan.Row(i)) * rows, plan.Row(i));
        }
        return plan;
    }
}
