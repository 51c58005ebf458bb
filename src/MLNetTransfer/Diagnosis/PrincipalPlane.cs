using System.Numerics.Tensors;

namespace MLNetTransfer.Diagnosis;

/// <summary>The two principal components of the images of both domains, by orthogonal iteration on their products.</summary>
internal static class PrincipalPlane
{
    private const int Iterations = 100;

    /// <summary>The coordinates of every image. Each component points so that its largest entry is positive.</summary>
    public static (double[] First, double[] Second) Of(Gram gram, RandomStream random)
    {
        double[] first = Random(gram.Rows, random), second = Random(gram.Rows, random);
        var (firstValue, secondValue) = (0d, 0d);
        for (var i = 0; i < Iterations; i++)
        {
            (first, firstValue) = Step(gram, first, []);
            (second, secondValue) = Step(gram, second, first);
        }
        return (Scaled(first, firstValue), Scaled(second, secondValue));
    }

    private static (double[] Vector, double Length) Step(Gram gram, double[] vector, double[] orthogonalTo)
    {
        var next = new double[vector.Length];
        Parallel.For(0, vector.Length, i => next[i] = TensorPrimitives.Dot(gram.Row(i), vector));
        if (orthogonalTo.Length > 0)
            TensorPrimitives.MultiplyAdd(orthogonalTo, -TensorPrimitives.Dot<double>(orthogonalTo, next), next, next);
        var length = TensorPrimitives.Norm<double>(next);
        TensorPrimitives.Divide(next, Math.Max(length, 1e-300), next);
        return (next, length);
    }

    private static double[] Scaled(double[] vector, double value)
    {
        var scale = Math.Sqrt(value) * Math.Sign(vector[TensorPrimitives.IndexOfMaxMagnitude<double>(vector)]);
        return [.. vector.Select(entry => entry * scale)];
    }

    private static double[] Random(int count, RandomStream random)
    {
        var vector = new double[count];
        for (var i = 0; i < count; i++)
            vector[i] = random.NextNormal();
        return vector;
    }
}
