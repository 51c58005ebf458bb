namespace MLNetTransfer.Torch.Pretraining;

/// <summary>How a backbone is pretrained on formula images. The defaults made the first of the runs behind the embedded backbone.</summary>
public sealed class PretrainingOptions
{
    /// <summary>Seed of the images, the weights and everything else that is random; default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How many images are drawn in all, each rendered afresh; at least one batch; default 640,000.</summary>
    public long Images { get; init; } = 640_000;

    /// <summary>The share of the images that show things before a background, told apart beside the formulas; 0 to 1; default 0.</summary>
    public double Things { get; init; }

    /// <summary>
    /// A backbone that an earlier run made, whose layers this one starts from; null for random weights. Its classifier is taken over where
    /// the formulas are the same.
    /// </summary>
    public string? From { get; init; }

    /// <summary>
    /// The share of the weights of <see cref="From"/> in the result, the rest being those that training ends with; 0 up to 1; default 0. Half of each keeps
    /// much of what both are good at (Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022).
    /// </summary>
    public double Keep { get; init; }

    /// <summary>Images a step; 2 or more; default 128.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Pixels along each edge of an image; 32 to 256, a multiple of 16; default 64.</summary>
    public int Side { get; init; } = 64;

    /// <summary>The peak learning rate, reached after <see cref="WarmUp"/> and lowered to 0 by a cosine; default .2.</summary>
    public double LearningRate { get; init; } = 0.2;

    /// <summary>The share of the steps over which the learning rate rises from 0; 0 to .5; default .03.</summary>
    public double WarmUp { get; init; } = 0.03;

    /// <summary>The decay of convolution and classifier weights; 0 or more; default .0003.</summary>
    public double WeightDecay { get; init; } = 3e-4;

    /// <summary>
    /// Whether activations are 16-bit bfloat; 1.8 times as fast on a processor with AVX-512 BF16, slower where there is none; default true.
    /// Weights, statistics and the optimizer stay 32-bit.
    /// </summary>
    public bool BFloat16 { get; init; } = true;

    /// <summary>Threads of libtorch; the same number gives the same bytes; default 1, the other cores render.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Steps between checkpoints; 1 or more; default 100.</summary>
    public int CheckpointEvery { get; init; } = 100;

    /// <summary>Held-out formula images the top-1 accuracy is measured on; default 10,000.</summary>
    public int HeldOut { get; init; } = 10_000;

    /// <summary>The number of optimizer steps.</summary>
    public long Steps => Images / BatchSize;

    /// <summary>Checks every option and reports all faults together.</summary>
    /// <exception cref="TransferException">An option is outside its range.</exception>
    public void Validate()
    {
        (bool Wrong, string Rule)[] rules =
        [
            (BatchSize < 2, $"BatchSize is 2 or more; received {BatchSize}."),
            (Images < BatchSize, $"Images is at least one batch ({BatchSize}); received {Images}."),
            (Side is < 32 or > 256 || Side % 16 != 0, $"Side is 32 to 256 and a multiple of 16; received {Side}."),
            (!(Things is >= 0 and <= 1), FormattableString.Invariant($"Things is 0 to 1; received {Things}.")),
            (!(Keep is >= 0 and < 1), FormattableString.Invariant($"Keep is 0 up to 1; received {Keep}.")),
            (Keep > 0 && From is null, FormattableString.Invariant($"Keep is a share of the weights of From; received {Keep} and no From.")),
            (!(LearningRate is > 0 and <= 10), FormattableString.Invariant($"LearningRate is above 0 and at most 10; received {LearningRate}.")),
            (!(WarmUp is >= 0 and <= 0.5), FormattableString.Invariant($"WarmUp is 0 to .5; received {WarmUp}.")),
            (!(WeightDecay is >= 0 and < 1), FormattableString.Invariant($"WeightDecay is 0 up to 1; received {WeightDecay}.")),
            (Threads < 1, $"Threads is 1 or more; received {Threads}."),
            (CheckpointEvery < 1, $"CheckpointEvery is 1 or more; received {CheckpointEvery}."),
            (HeldOut < 1, $"HeldOut is 1 or more; received {HeldOut}."),
        ];
        var faults = rules.Where(rule => rule.Wrong).Select(rule => rule.Rule).ToList();
        if (faults.Count > 0)
            throw new TransferException("Pretraining options are wrong. " + string.Join(" ", faults));
    }
}
