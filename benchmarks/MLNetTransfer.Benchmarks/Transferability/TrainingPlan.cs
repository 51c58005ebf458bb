namespace MLNetTransfer.Benchmarks.Transferability;

/// <summary>How every network of the experiment is trained. One plan for all of them, so that they differ in what they start from alone.</summary>
internal sealed record TrainingPlan
{
    /// <summary>Pixels along each edge of an image.</summary>
    public int Side { get; init; } = 32;

    /// <summary>Channels of the stem; the stages have 1, 2, 4 and 8 times as many. The embedded backbone has 32.</summary>
    public int Width { get; init; } = 16;

    /// <summary>Formulas of a task.</summary>
    public int Classes { get; init; } = 20;

    /// <summary>Training images of a task, rendered once.</summary>
    public int Images { get; init; } = 8_000;

    /// <summary>Held-out images of a task.</summary>
    public int HeldOut { get; init; } = 3_000;

    /// <summary>Passes over the training images.</summary>
    public int Epochs { get; init; } = 6;

    /// <summary>Images a step.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>The peak learning rate, reached after 5 % of the steps and lowered to 0 by a cosine.</summary>
    public double LearningRate { get; init; } = 0.05;

    /// <summary>The decay of convolution and classifier weights.</summary>
    public double WeightDecay { get; init; } = 3e-4;

    /// <summary>Optimizer steps of a run.</summary>
    public int Steps => Epochs * (Images / Batch);

    /// <summary>Everything that results depend on, as the results file has it.</summary>
    public string Identity => FormattableString.Invariant(
        $"side {Side} width {Width} classes {Classes} images {Images} held-out {HeldOut} epochs {Epochs} batch {Batch} rate {LearningRate} decay {WeightDecay}");

    /// <summary>The learning rate of a step.</summary>
    public double LearningRateAt(int step)
    {
        var warmUp = Math.Max(1, 0.05 * Steps);
        return step < warmUp ? LearningRate * (step + 1) / warmUp : LearningRate * 0.5 * (1 + Math.Cos(Math.PI * (step - warmUp) / (Steps - warmUp)));
    }
}
