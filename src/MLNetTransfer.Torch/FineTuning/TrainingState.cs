namespace MLNetTransfer.Torch.FineTuning;

/// <summary>Where a training stands between two epochs.</summary>
internal sealed class TrainingState(float[] weights, GradientStep step)
{
    private readonly List<EpochFigures> _epochs = [];

    /// <summary>The weights as they are.</summary>
    public float[] Weights { get; } = weights;

    /// <summary>The best weights so far: those of the last epoch, unless images are watched that tell better.</summary>
    public float[] Best { get; } = [.. weights];

    /// <summary>The epoch of the best weights; 0 for the beginning.</summary>
    public int BestEpoch { get; private set; }

    /// <summary>The loss of the best weights on the watched images; infinite without such.</summary>
    public double WatchedLoss { get; set; }

    /// <summary>Epochs since the best one.</summary>
    public int SinceBest => _epochs.Count - BestEpoch;

    /// <summary>What each epoch so far came to.</summary>
    public IReadOnlyList<EpochFigures> Epochs => _epochs;

    /// <summary>What went wrong; null when nothing did.</summary>
    public string? Divergence { get; set; }

    /// <summary>The state of the optimizer.</summary>
    public IEnumerable<float[]> Moments => [step.Momentum, step.Squares];

    /// <summary>Ends an epoch.</summary>
    public void Close(EpochFigures figures)
    {
        _epochs.Add(figures);
        if (figures.ValidationLoss is not null && !(figures.ValidationLoss < WatchedLoss))
            return;
        (BestEpoch, WatchedLoss) = (figures.Epoch, figures.ValidationLoss ?? WatchedLoss);
        Weights.CopyTo(Best, 0);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(BestEpoch);
        writer.Write(WatchedLoss);
        writer.Write(_epochs.Count);
        foreach (var epoch in _epochs)
        {
            writer.Write(epoch.LearningRate);
            writer.Write(epoch.Loss);
            writer.Write(epoch.ValidationLoss ?? double.NaN);
        }
        foreach (var values in Moments.Append(Weights).Append(Best))
            writer.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
    }

    public void Read(BinaryReader reader)
    {
        BestEpoch = reader.ReadInt32();
        WatchedLoss = reader.ReadDouble();
        var count = reader.ReadInt32();
        for (var epoch = 1; epoch <= count; epoch++)
        {
            var (rate, loss, watched) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
            _epochs.Add(new EpochFigures(epoch, rate, loss, double.IsNaN(watched) ? null : watched));
        }
        foreach (var values in Moments.Append(Weights).Append(Best))
            reader.BaseStream.ReadExactly(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
    }
}
