using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNetTransfer.Torch.FineTuning;

/// <summary>How the layers between a cut and the head are trained. Every default is usable as it is.</summary>
public sealed record FineTuningOptions
{
    /// <summary>The name that lets every layer train, from the image on.</summary>
    public const string FromImage = "image";

    private static readonly JsonSerializerOptions Json = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = { new JsonStringEnumConverter() } };

    /// <summary>The cut above which layers train: the name of one of the backbone's cuts below the one whose features the head takes, or "image" for all layers.</summary>
    public required string Cut { get; init; }

    /// <summary>How often every image is learnt from, 1 or more; default 16.</summary>
    public int Epochs { get; init; } = 16;

    /// <summary>The images of one step, 1 or more; default 16. A set with fewer is one step.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>The rule by which weights move; default <see cref="FineTuningOptimizer.AdamW"/>.</summary>
    public FineTuningOptimizer Optimizer { get; init; } = FineTuningOptimizer.AdamW;

    /// <summary>The peak learning rate, reached after <see cref="WarmUp"/> and lowered to 0 by a cosine; 0 or more; default .003. It is relative: the share of its size (the root mean square of a channel's
    /// pretrained weights) that a step of <see cref="FineTuningOptimizer.AdamW"/> moves a weight by at most, more or less.</summary>
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>The share of the steps over which the learning rate rises from 0; 0 up to 1; default .1.</summary>
    public double WarmUp { get; init; } = 0.1;

    /// <summary>How much of its learning rate a layer keeps compared with the one above it, above 0 to 1; default 1, the same for all.</summary>
    public double LayerRate { get; init; } = 1;

    /// <summary>The momentum of <see cref="FineTuningOptimizer.Sgd"/>, 0 up to 1; default .9.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>The decay of kernels and matrices towards 0, 0 or more; default .01.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>
    /// The decay of the pretrained weights towards what they were (L2-SP; Li, Grandvalet and Davoine, "Explicit Inductive Bias for Transfer Learning", ICML 2018), in place
    /// of the decay towards 0 there; 0 (default) for none.
    /// </summary>
    public double PretrainedDecay { get; init; }

    /// <summary>The share of a label that is spread over all classes, 0 up to 1; default .1.</summary>
    public double LabelSmoothing { get; init; } = 0.1;

    /// <summary>The share of the features that is left out at random in each step of training, 0 up to 1; default 0.</summary>
    public double Dropout { get; init; }

    /// <summary>Units of a hidden layer between the features and the output layer, which learns from the changed versions of the images as other layers do; 0 (default) for none.</summary>
    public int HiddenUnits { get; init; }

    /// <summary>Whether batch normalisation learns its statistics anew; default false, as few images tell them badly.</summary>
    public bool TrainBatchNorm { get; init; }

    /// <summary>How images are changed in training.</summary>
    public Augmentation Augmentation { get; init; } = new();

    /// <summary>
    /// How many changed versions of an image there are, the unchanged one included; 1 or more; default 4. What lies below the cut is computed once for each, and the epochs take them in turn:
    /// as many as <see cref="Epochs"/> for a new one every time.
    /// </summary>
    public int Views { get; init; } = 4;

    /// <summary>
    /// The share of the training images by which training is stopped early and the best weights are chosen, 0 up to 1; default 0: all images are learnt from and the last
    /// weights are taken, which the falling learning rate makes a safe choice.
    /// </summary>
    public double ValidationShare { get; init; }

    /// <summary>Epochs without a lower loss on <see cref="ValidationShare"/> after which training stops, 1 or more; default 4.</summary>
    public int Patience { get; init; } = 4;

    /// <summary>The folds of the cross-validation that measures the whole procedure, 2 or more; default 5.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>The folder for activations while training runs, images x views x values of 4 bytes; null (default) for that of the system.</summary>
    public string? ScratchFolder { get; init; }

    /// <summary>The folder that keeps the state of every training after each epoch, so that a run that was cut off goes on from there; null (default) for none.</summary>
    public string? CheckpointFolder { get; init; }

    /// <summary>All that the result depends on, as one line of JSON.</summary>
    internal string Settings => JsonSerializer.Serialize(this with { CheckpointFolder = null, ScratchFolder = null }, Json);

    internal int ViewsPerImage => Augmentation.ChangesImages ? Views : 1;

    /// <summary>Checks every option and reports all faults together.</summary>
    /// <exception cref="TransferException">An option is outside its range.</exception>
    public void Validate()
    {
        (bool Wrong, FormattableString Rule)[] rules =
        [
            (string.IsNullOrEmpty(Cut), $"Cut is the name of a cut; received none."),
            (Epochs < 1, $"Epochs is 1 or more; received {Epochs}."),
            (BatchSize < 1, $"BatchSize is 1 or more; received {BatchSize}."),
            (!Enum.IsDefined(Optimizer), $"Optimizer is AdamW or Sgd; received {(int)Optimizer}."),
            (!(LearningRate >= 0 && double.IsFinite(LearningRate)), $"LearningRate is a finite number of 0 or more; received {LearningRate}."),
            (!(WarmUp is >= 0 and < 1), $"WarmUp is 0 up to 1; received {WarmUp}."),
            (!(LayerRate is > 0 and <= 1), $"LayerRate is above 0 and at most 1; received {LayerRate}."),
            (!(Momentum is >= 0 and < 1), $"Momentum is 0 up to 1; received {Momentum}."),
            (!(WeightDecay >= 0 && double.IsFinite(WeightDecay)), $"WeightDecay is a finite number of 0 or more; received {WeightDecay}."),
            (!(PretrainedDecay >= 0 && double.IsFinite(PretrainedDecay)), $"PretrainedDecay is a finite number of 0 or more; received {PretrainedDecay}."),
            (!(LabelSmoothing is >= 0 and < 1), $"LabelSmoothing is 0 up to 1; received {LabelSmoothing}."),
            (!(Dropout is >= 0 and < 1), $"Dropout is 0 up to 1; received {Dropout}."),
            (HiddenUnits < 0, $"HiddenUnits is 0 or more; received {HiddenUnits}."),
            (Views < 1, $"Views is 1 or more; received {Views}."),
            (!(ValidationShare is >= 0 and < 1), $"ValidationShare is 0 up to 1; received {ValidationShare}."),
            (Patience < 1, $"Patience is 1 or more; received {Patience}."),
            (Folds < 2, $"Folds is 2 or more; received {Folds}."),
        ];
        var faults = rules.Where(rule => rule.Wrong).Select(rule => FormattableString.Invariant(rule.Rule)).Concat(Augmentation.Faults()).ToList();
        if (faults.Count > 0)
            throw new TransferException("Options of fine-tuning are wrong. " + string.Join(' ', faults));
    }
}
