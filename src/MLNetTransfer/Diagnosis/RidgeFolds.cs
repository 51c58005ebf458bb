using System.Numerics.Tensors;

namespace MLNetTransfer.Diagnosis;

/// <summary>
/// Out-of-fold predictions of regularised least squares for any number of target vectors, without fitting each fold anew. With Q = (K + P)^-1, K the
/// kernel and P the diagonal of penalties, the errors of the images of a fold F, predicted from all others, are Q_FF^-1 (Q y)_F (the block form of
/// the leave-one-out identity of G. Wahba; see R. Rifkin and R. Lippert, "Notes on regularized least squares", 2007). One matrix therefore serves
/// thousands of permutations of y, each with all its folds fitted anew: an exact permutation test costs one product each.
/// </summary>
internal sealed class RidgeFolds
{
    private readonly double[] _errors;
    private readonly int _count;
    private readonly int[] _folds;

    /// <summary>Prepares the predictions.</summary>
    /// <param name="kernel">The kernel, images x images.</param>
    /// <param name="penalties">The penalty of each image, above 0: an image of weight w has a penalty of lambda / w.</param>
    /// <param name="folds">The fold of each image; -1 for one that is always learnt from and never predicted.</param>
    public RidgeFolds(double[] kernel, ReadOnlySpan<double> penalties, int[] folds)
    {
        (_count, _folds, _errors) = (folds.Length, folds, new double[kernel.Length]);
        var regularised = (double[])kernel.Clone();
        for (var i = 0; i < _count; i++)
            regularised[(i * _count) + i] += penalties[i];
        var inverse = PositiveDefinite.Invert(regularised, _count);
        foreach (var fold in folds.Where(fold => fold >= 0).Distinct())
        {
            int[] members = [.. Enumerable.Range(0, _count).Where(row => folds[row] == fold)];
            var block = new double[members.Length * members.Length];
            for (var i = 0; i < members.Length; i++)
                for (var j = 0; j < members.Length; j++)
                    block[(i * members.Length) + j] = inverse[(members[i] * _count) + members[j]];
            block = PositiveDefinite.Invert(block, members.Length);
            for (var i = 0; i < members.Length; i++)
            {
                var row = _errors.AsSpan(members[i] * _count, _count);
                for (var j = 0; j < members.Length; j++)
                    TensorPrimitives.MultiplyAdd(inverse.AsSpan(members[j] * _count, _count), block[(i * members.Length) + j], row, row);
            }
        }
    }

    /// <summary>Predicts every image from the other folds.</summary>
    /// <param name="targets">The number to predict for each image.</param>
    /// <param name="predictions">Receives the predictions; 0 for images of no fold.</param>
    public void Predict(ReadOnlySpan<double> targets, Span<double> predictions)
    {
        for (var i = 0; i < _count; i++)
            predictions[i] = _folds[i] < 0 ? 0 : targets[i] - TensorPrimitives.Dot(_errors.AsSpan(i * _count, _count), targets);
    }
}
