namespace MLNetTransfer.Torch.FineTuning;

/// <summary>The images of one step: activations of the version that this epoch takes, what they should be predicted as, and what is random about them.</summary>
internal sealed class TrainingBatch
{
    private readonly double[] _targets;
    private readonly double[] _weights;
    private readonly int _classes;
    private readonly int _whole;

    /// <summary>Reads the activations and draws what is random.</summary>
    public TrainingBatch(ActivationStore store, LearningTask task, ReadOnlySpan<int> images, int epoch, RandomStream random, FineTuningOptions options)
    {
        (Images, _whole, _classes) = (images.Length, images.Length, task.Classes);
        var length = store.RowLength;
        Activations = new float[images.Length * length];
        (_targets, _weights) = (new double[images.Length * _classes], new double[images.Length]);
        for (var i = 0; i < images.Length; i++)
        {
            store.Read(images[i], (epoch + images[i]) % store.Views, Activations.AsSpan(i * length, length));
            FineTuningLoss.AddTarget(_targets.AsSpan(i * _classes, _classes), task.Labels[images[i]], 1, options.LabelSmoothing);
            _weights[i] = task.ClassWeights[task.Labels[images[i]]];
        }
        if (options.Augmentation.MixUp > 0)
            Mix(random, options.Augmentation.MixUp);
        Dropout = options.Dropout;
        DropoutSeed = options.Dropout > 0 ? random.NextUInt64() : 0;
    }

    private TrainingBatch(TrainingBatch whole, int start, int count)
    {
        var length = whole.Activations.Length / Math.Max(1, whole.Images);
        (Images, _whole, _classes) = (count, whole._whole, whole._classes);
        Activations = whole.Activations[(start * length)..((start + count) * length)];
        _targets = whole._targets[(start * _classes)..((start + count) * _classes)];
        _weights = whole._weights[start..(start + count)];
        (Dropout, DropoutSeed) = (whole.Dropout, whole.DropoutSeed + (ulong)start);
    }

    public int Images { get; }

    public float[] Activations { get; }

    private double Dropout { get; }

    private ulong DropoutSeed { get; }

    /// <summary>The activations of images as they are.</summary>
    public static float[] Plain(ActivationStore store, ReadOnlySpan<int> images)
    {
        var rows = new float[images.Length * store.RowLength];
        for (var i = 0; i < images.Length; i++)
            store.Read(images[i], 0, rows.AsSpan(i * store.RowLength, store.RowLength));
        return rows;
    }

    /// <summary>One of some equal parts; its losses still are shares of the mean over the whole batch.</summary>
    public TrainingBatch Part(int part, int parts)
    {
        var start = Images * part / parts;
        return new TrainingBatch(this, start, Images * (part + 1) / parts - start);
    }

    /// <summary>What the features are multiplied by: 0 for those left out, and for the others what keeps the mean; null without dropout.</summary>
    public float[]? Mask(int features)
    {
        if (Dropout == 0)
            return null;
        var (mask, random, kept) = (new float[Images * features], new RandomStream(DropoutSeed), (float)(1 / (1 - Dropout)));
        for (var i = 0; i < mask.Length; i++)
            mask[i] = random.NextDouble() < Dropout ? 0 : kept;
        return mask;
    }

    /// <summary>The loss of these images as a share of the mean over the batch; the scores become its gradient.</summary>
    public double LossAndGradient(float[] scores)
    {
        var outputs = scores.Length / Images;
        var (loss, gradient) = (0d, new double[outputs]);
        for (var i = 0; i < Images; i++)
        {
            var row = scores.AsSpan(i * outputs, outputs);
            loss += FineTuningLoss.Evaluate(row, _targets.AsSpan(i * _classes, _classes), _weights[i] / _whole, gradient);
            for (var k = 0; k < outputs; k++)
                row[k] = (float)gradient[k];
        }
        return loss;
    }

    /// <summary>Mixes every image with another one of the batch.</summary>
    private void Mix(RandomStream random, double strength)
    {
        var share = Beta(random, strength);
        int[] partners = [.. Enumerable.Range(0, Images)];
        random.Shuffle(partners.AsSpan());
        var (activations, targets, weights) = ((float[])Activations.Clone(), (double[])_targets.Clone(), (double[])_weights.Clone());
        var length = Activations.Length / Images;
        for (var i = 0; i < Images; i++)
        {
            for (var j = 0; j < length; j++)
                Activations[i * length + j] = (float)(share * activations[i * length + j] + (1 - share) * activations[partners[i] * length + j]);
            for (var k = 0; k < _classes; k++)
                _targets[i * _classes + k] = share * targets[i * _classes + k] + (1 - share) * targets[partners[i] * _classes + k];
            _weights[i] = share * weights[i] + (1 - share) * weights[partners[i]];
        }
    }

    /// <summary>A draw of Beta(a, a) (Jöhnk 1964); exact for every a above 0.</summary>
    private static double Beta(RandomStream random, double a)
    {
        while (true)
        {
            var (x, y) = (Math.Pow(random.NextDouble(), 1 / a), Math.Pow(random.NextDouble(), 1 / a));
            if (x + y is > 0 and <= 1)
                return x / (x + y);
        }
    }
}
