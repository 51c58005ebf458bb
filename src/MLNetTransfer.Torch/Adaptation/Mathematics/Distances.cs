using System.Numerics.Tensors;

namespace MLNetTransfer.Torch.Adaptation.Mathematics;

/// <summary>Squared Euclidean distances between rows, and what is made of them.</summary>
internal static class Distances
{
    /// <summary>|a_i - b_j|^2, by way of the products; 0 where rounding makes it negative.</summary>
    public static Matrix Squared(Matrix a, Matrix b)
    {
        var distances = a.TimesTransposed(b);
        double[] left = SquaredLengths(a), right = SquaredLengths(b);
        for (var i = 0; i < a.Rows; i++)
        {
            var row = distances.Row(i);
            TensorPrimitives.Multiply(row, -2, row);
            TensorPrimitives.Add(row, right, row);
            TensorPrimitives.Add(row, left[i], row);
            TensorPrimitives.Max(row, 0, row);
        }
        return distances;
    }

    /// <summary>exp(-distance^2 / (2 width^2)) of squared distances.</summary>
    public static Matrix Gaussian(Matrix squared, double width)
    {
        var kernel = squared.Scaled(-1 / (2 * width * width));
        TensorPrimitives.Exp(kernel.Values, kernel.Values);
        return kernel;
    }

    /// <summary>The median of all values; the lower middle one of an even number, so that it is one of them.</summary>
    public static double Median(Matrix values)
    {
        var sorted = values.Values.ToArray();
        Array.Sort(sorted);
        return sorted[(sorted.Length - 1) / 2];
    }

    private static double[] SquaredLengths(Matrix rows)
    {
        var lengths = new double[rows.Rows];
        for (var i = 0; i < lengths.Length; i++)
            lengths[i] = TensorPrimitives.SumOfSquares<double>(rows.Row(i));
        return lengths;
    }
}
