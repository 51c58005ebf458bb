using MLNetTransfer.Domains;
using MLNetTransfer.Torch.Adaptation;

namespace MLNetTransfer.Torch.Tests.Adaptation;

/// <summary>Small problems whose truth is known: Gaussian classes, the target's turned and moved.</summary>
internal static class Problems
{
    public static readonly string[] Classes = ["ash", "birch", "cedar"];

    /// <summary>Three classes in turns, far apart along the first three of every eight features; noise of deviation 1 in all of them.</summary>
    public static LabeledFeatures Domain(int rows, int features, string name, double angle = 0, double shift = 0, double distance = 4)
    {
        var random = RandomStream.Derive(7, name);
        var values = new float[rows * features];
        for (var row = 0; row < rows; row++)
        {
            var x = new double[features];
            for (var j = 0; j < features; j++)
                x[j] = random.NextNormal() + (j % 8 == row % 3 ? distance : 0);
            var (cos, sin) = (Math.Cos(angle), Math.Sin(angle));
            (x[0], x[1]) = ((x[0] * cos) - (x[1] * sin), (x[0] * sin) + (x[1] * cos));
            for (var j = 0; j < features; j++)
                values[(row * features) + j] = (float)(x[j] + (j < 2 ? shift : 0));
        }
        return new LabeledFeatures(new FeatureMatrix(rows, features, values), [.. Enumerable.Range(0, rows).Select(row => row % 3)], Classes);
    }

    /// <summary>A problem of two domains; six labelled images of the target where the method asks for them.</summary>
    public static AdaptationProblem Of(AdaptationMethod method, LabeledFeatures source, LabeledFeatures target) =>
        new(source, target.WithoutLabels(), method.NeedsShots ? target.Select([.. Enumerable.Range(0, Math.Min(6, target.Features.Rows))]) : null);

    /// <summary>A target that is turned by a fifth of a right angle and moved.</summary>
    public static AdaptationProblem Turned(AdaptationMethod method) => Of(method, Domain(60, 6, "source"), TurnedTarget());

    public static LabeledFeatures TurnedTarget() => Domain(48, 6, "target", angle: Math.PI / 10, shift: 1);

    public static double Accuracy(AdaptedModel model, LabeledFeatures target) =>
        model.Labels(target.Features).Zip(target.Labels).Count(pair => pair.First == pair.Second) / (double)target.Labels.Count;

    /// <summary>Replaces values of features.</summary>
    public static LabeledFeatures With(this LabeledFeatures domain, Func<int, int, float, float> value)
    {
        var (rows, columns) = (domain.Features.Rows, domain.Features.Columns);
        var values = new float[rows * columns];
        for (var row = 0; row < rows; row++)
            for (var j = 0; j < columns; j++)
                values[(row * columns) + j] = value(row, j, domain.Features.Row(row)[j]);
        return new LabeledFeatures(new FeatureMatrix(rows, columns, values), domain.Labels, domain.Classes);
    }
}
