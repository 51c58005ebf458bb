using Microsoft.ML;

namespace MLNetTransfer.Heads;

/// <summary>A trained head and the honest predictions that judge it.</summary>
public sealed class TrainedHead
{
    internal TrainedHead(ITransformer transformer, LinearHead linear, CandidateChoice choice, FeatureMatrix probabilities, IReadOnlyList<int> decisions)
        : this(transformer, linear, choice.Selection, probabilities, decisions) => (Candidate, Candidates) = (choice.Index, choice.Figures);

    internal TrainedHead(ITransformer transformer, LinearHead linear, HeadSelection selection, FeatureMatrix probabilities, IReadOnlyList<int> decisions)
    {
        Transformer = transformer;
        Linear = linear;
        L2 = selection.L2;
        IsCalibrated = selection.Calibration != PlattScaling.Identity;
        CrossValidatedProbabilities = probabilities;
        CrossValidatedDecisions = decisions;
    }

    /// <summary>
    /// The head as an ML.NET transformer of stock parts: Features -> Score, Probability (of the positive class of two), PredictedLabel
    /// (the name of the class). Score of more than two classes holds their probabilities; its slots are named after the classes.
    /// </summary>
    public ITransformer Transformer { get; }

    /// <summary>The same head as plain numbers, for serving.</summary>
    public LinearHead Linear { get; }

    /// <summary>The regularisation that cross-validation chose from <see cref="HeadOptions.L2Grid"/>.</summary>
    public float L2 { get; }

    /// <summary>Whether the scores of a two-class head are calibrated (Platt), because that lowered the log-loss of images it was not fitted on.</summary>
    public bool IsCalibrated { get; }

    /// <summary>
    /// The probabilities, images x classes, of nested cross-validation: every row is predicted by a head that saw neither the image nor
    /// its near-duplicates, with its regularisation and calibration chosen without them.
    /// </summary>
    public FeatureMatrix CrossValidatedProbabilities { get; }

    /// <summary>The index of the class that each of those heads decided for, by a threshold chosen without the image.</summary>
    public IReadOnlyList<int> CrossValidatedDecisions { get; }

    /// <summary>The candidate that was chosen.</summary>
    internal int Candidate { get; }

    /// <summary>What cross-validation on all rows found about each candidate.</summary>
    internal IReadOnlyList<CrossValidated> Candidates { get; } = [];
}
