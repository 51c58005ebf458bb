using System.Numerics.Tensors;
using MLNetTransfer.Heads;
using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Adaptation.Methods;

/// <summary>
/// Entropy minimisation at test time (Wang, Shelhamer, Liu, Olshausen and Darrell, "Tent: Fully Test-Time Adaptation by Entropy Minimization", ICLR 2021): the source's classifier stays as it
/// is; features are normalised by the target's statistics, as in <see cref="TargetStatistics"/>, and a scale and a shift of each are moved by Adam to make the predictions of the target sure
/// (section 3). The paper does so for every channel with batch normalisation, with the statistics of each batch and one pass; here it is every feature, the whole target at once. It fails where
/// the first predictions are wrong: given many steps every one of them becomes sure, right or not.
/// </summary>
public sealed class EntropyMinimisation : AdaptationMethod
{
    private const double FirstMoment = .9, SecondMoment = .999, Epsilon = 1e-8;

    /// <summary>The number of steps, 0 or more; with 0 it is adabn. Default: 20.</summary>
    public int Steps { get; init; } = 20;

    /// <summary>The learning rate, above 0: a step moves a scale, which begins at 1, and a shift, which begins at 0, by no more than that. Default: .01.</summary>
    public double LearningRate { get; init; } = .01;

    /// <inheritdoc/>
    public override string Name => "tent";

    /// <inheritdoc/>
    public override string Summary => "scales and shifts features until predictions of the target are sure";

    /// <inheritdoc/>
    public override string Reference => "Wang, Shelhamer, Liu, Olshausen and Darrell, Tent: Fully Test-Time Adaptation by Entropy Minimization, ICLR 2021";

    /// <inheritdoc/>
    public override IReadOnlyList<AdaptationMethod> Candidates => [this, .. new[] { 5, 80 }.Select(value => new EntropyMinimisation { Steps = value, LearningRate = LearningRate })];

    /// <inheritdoc/>
    protected override IEnumerable<string> Faults => [.. OutOfRange(Steps, 0), .. OutOfRange(LearningRate, 0, isOpen: true)];

    /// <inheritdoc/>
    protected override AdaptedModel AdaptCore(AdaptationProblem problem, AdaptationSettings settings, CancellationToken cancellation)
    {
        var statistics = new Standardisation(problem.Target.Features);
        var training = new Standardisation(problem.Source.Features).Apply(problem.Source);
        if (settings.Classifier.Train(training, null, settings.Seed, cancellation) is not LinearClassifier classifier)
            throw new TransferException($"'{Name}' follows the gradient of a linear classifier; received one of '{settings.Classifier.Name}'. Choose a linear classifier, or another method.");
        var features = problem.Target.Features.Columns;
        double[] parameters = [.. Enumerable.Repeat(1d, features), .. new double[features]];
        var (mean, square) = (new double[2 * features], new double[2 * features]);
        using var x = Matrix.From(statistics.Apply(problem.Target.Features)).ToResident();
        for (var step = 1; step <= Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var gradient = EntropyOf(x, classifier, parameters).Gradient;
            for (var j = 0; j < parameters.Length; j++)
            {
                mean[j] = (FirstMoment * mean[j]) + ((1 - FirstMoment) * gradient[j]);
                square[j] = (SecondMoment * square[j]) + ((1 - SecondMoment) * gradient[j] * gradient[j]);
                parameters[j] -= LearningRate * mean[j] / (1 - Math.Pow(FirstMoment, step)) / (Math.Sqrt(square[j] / (1 - Math.Pow(SecondMoment, step))) + Epsilon);
            }
        }
        var map = statistics.ToMap().Then(new AffineLayer(Matrix.Diagonal(parameters.AsSpan(0, features)), parameters[features..]));
        return new AdaptedModel(map, classifier);
    }

    /// <summary>The mean entropy of the predictions and its gradient.</summary>
    /// <param name="x">Normalised rows.</param>
    /// <param name="classifier">What predicts.</param>
    /// <param name="parameters">The scale of every feature, then the shift of every feature.</param>
    internal static (double Entropy, double[] Gradient) EntropyOf(ResidentMatrix x, LinearClassifier classifier, double[] parameters)
    {
        var (weights, features) = (classifier.Weights, classifier.Weights.Rows);
        var (scales, shifts) = (parameters[..features], new Matrix(1, features, parameters[features..]));
        var scores = x.Times(weights.Transposed().ScaleColumns(scales).Transposed()).PlusRow([.. shifts.Times(weights).PlusRow([.. classifier.Biases]).Values]);
        var sum = 0d;
        for (var row = 0; row < scores.Rows; row++)
        {
            var values = scores.Row(row);
            LinearModel.SoftMax(values);
            var entropy = 0d;
            foreach (var p in values)
                entropy -= p > 0 ? p * Math.Log(p) : 0;
            foreach (ref var p in values)
                p = p > 0 ? -p * (Math.Log(p) + entropy) / scores.Rows : 0;
            sum += entropy;
        }
        var (products, gradient) = (x.TransposedTimes(scores), new double[2 * features]);
        var total = new Matrix(1, scores.Columns, scores.ColumnMeans()).Scaled(scores.Rows).TimesTransposed(weights);
        for (var j = 0; j < features; j++)
            (gradient[j], gradient[features + j]) = (TensorPrimitives.Dot<double>(weights.Row(j), products.Row(j)), total[0, j]);
        return (sum / scores.Rows, gradient);
    }
}
