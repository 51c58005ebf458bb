using MLNetTransfer.Evaluation;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>A finished adaptation: the model, what it is worth, and what doing nothing is worth. Immutable.</summary>
public sealed class AdaptationResult
{
    internal AdaptationResult(
        TransferResult transfer, AdaptationMethod method, AdaptationChoice? choice, AdaptationComparison? comparison, EvaluatedImages? sourceOnly, IReadOnlyList<string> notes)
    {
        (Transfer, Method, Choice, Comparison, SourceOnly, Notes) = (transfer, method, choice, comparison, sourceOnly, notes);
        if (transfer.Test is { } adapted && sourceOnly is not null)
            Difference = DifferenceOf(sourceOnly, adapted);
    }

    /// <summary>
    /// The model, its cross-validation and its test. The cross-validation is that of the source's classifier on the source: what the target will bring, only a test on
    /// the target tells.
    /// </summary>
    public TransferResult Transfer { get; }

    /// <summary>The method of the model, with its hyper-parameters.</summary>
    public AdaptationMethod Method { get; }

    /// <summary>What the scorer chose among; null when nothing was chosen.</summary>
    public AdaptationChoice? Choice { get; }

    /// <summary>How right every candidate is on the test images, and which one their labels would have chosen; null without a choice or a test.</summary>
    public AdaptationComparison? Comparison { get; }

    /// <summary>The source's classifier, not adapted, on the test images; null without a test.</summary>
    public EvaluatedImages? SourceOnly { get; }

    /// <summary>The accuracy of the model minus that of the source's classifier on the same test images; null without a test.</summary>
    public PairedDifference? Difference { get; }

    /// <summary>What a reader of the figures should know, as that test images were among the unlabelled ones; usually empty.</summary>
    public IReadOnlyList<string> Notes { get; }

    private static PairedDifference DifferenceOf(EvaluatedImages first, EvaluatedImages second)
    {
        var classes = first.Result.Classes;
        int? positive = classes.Count == 2 ? 1 : null;
        int Right(EvaluatedImages images, int row) =>
            classes[Evaluator.Decide(images.Probabilities.Row(row), positive, images.Result.Threshold ?? .5)] == images.Images.Images[row].Label ? 1 : 0;
        return PairedDifference.Of([.. Enumerable.Range(0, first.Probabilities.Rows).Select(row => (double)(Right(second, row) - Right(first, row)))]);
    }
}
