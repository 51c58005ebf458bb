namespace MLNetTransfer.Torch.LayerSearch;

/// <summary>A choice of layers while it is being looked at.</summary>
internal sealed record Candidate(LayerChoice Choice, int Dimensions, long MultiplyAdds, long TrainedMultiplyAdds)
{
    /// <summary>What it reached so far.</summary>
    public required CandidateLosses Losses { get; set; }

    /// <summary>Whether that is all folds, trained in full.</summary>
    public bool IsComplete { get; set; }

    /// <summary>The time it took.</summary>
    public TimeSpan Time { get; set; }

    public LayerFigures Figures => new(Choice, Dimensions, MultiplyAdds, Losses.Accuracy, Losses.Interval, Losses.LogLoss, Losses.Images, IsComplete, Time.TotalSeconds);
}
