using System.Globalization;

namespace MLNetTransfer.Diagnosis;

/// <summary>
/// From evidence to a scenario: all thresholds and the order they are asked in. What has no remedy without labels is asked first, as it makes the
/// rest pointless: another question, then another feature space, then another distribution. The levels of the tests that can raise an alarm sum to
/// .05, so that whatever depends on what, two samples of one domain are called different at most once in 20 times (Boole's inequality).
/// </summary>
internal static class DiagnosisRule
{
    /// <summary>With fewer different images in a domain no test is worth its name.</summary>
    public const int FewestImages = 10;

    /// <summary>Level of each of the two tests of files. What they look for is plain: a level this low costs nothing and leaves the rest to others.</summary>
    public const double FileLevel = .001;

    /// <summary>Level of each of the two tests of p(y|x): heads of the target against heads of both, and the source head's accuracy here and there.</summary>
    public const double QuestionLevel = .005;

    /// <summary>Level of the test of p(y): in which proportions a source head predicts the classes here and there.</summary>
    public const double ProportionsLevel = .01;

    /// <summary>Level of each of the two tests of p(x): the discrepancy sees any difference, the classifier small ones along a line.</summary>
    public const double DistributionLevel = .014;

    /// <summary>What the levels above sum to: .05.</summary>
    public const double Level = (2 * FileLevel) + (2 * QuestionLevel) + ProportionsLevel + (2 * DistributionLevel);

    /// <summary>Feature spaces differ when nearly all images of one domain have what nearly none of the other has; a mixture is a distribution.</summary>
    public const double NearlyAll = .9;

    /// <summary>
    /// The accuracy that must be lost before the question counts as another one: less may be lost because a linear head answers the same question a little
    /// differently where the images differ.
    /// </summary>
    public const double LeastLoss = .1;

    /// <summary>
    /// "None" is said only if the domains are shown to be alike: the interval of the A-distance ends below this, which is to tell 65 of 100 images apart.
    /// Two domains that are the same need some 20 images each for it.
    /// </summary>
    public const double MostDistance = .6;

    /// <summary>Target labels from which on learning from them directly is worth trying beside adaptation.</summary>
    private const int ManyLabels = 30;

    /// <summary>Settles the scenario.</summary>
    public static DiagnosisResult Decide(DiagnosisEvidence evidence)
    {
        var reasons = new List<string>();
        var (scenario, advice) = Settle(evidence, reasons);
        Remark(evidence, scenario, reasons);
        return new DiagnosisResult(scenario, reasons, advice, evidence);
    }

    private static (Scenario Scenario, string Advice) Settle(DiagnosisEvidence evidence, List<string> reasons)
    {
        if (evidence.Classes is { IsTargetLabeled: true, TargetOnly.Count: > 0 } classes)
        {
            reasons.Add(classes.Common.Count == 0 ? $"Source and target have no class in common: the target asks for {Names(classes.TargetOnly)}."
                : $"The target has classes that the source does not know: {Names(classes.TargetOnly)}.");
            return (Scenario.TaskTransfer, "Train on the labelled target images: the network is reused, the source head is of no use.");
        }
        if (evidence.Conditional is { } question && question.PValue <= QuestionLevel && question.TargetHead - question.PooledHead >= LeastLoss)
        {
            reasons.Add(Say($"The same question gets other answers in the target: a head of the target is right on {question.TargetHead:0.0 %} of its {question.Images} labelled images, ")
                + Say($"one learnt from source and target on {question.PooledHead:0.0 %} (p = {P(question.PValue)})."));
            return (Scenario.TaskTransfer, "Train on the labelled target images; labels of the source mislead here. If the classes should mean the same, look for labels that were mixed up.");
        }
        if (Spaces(evidence.FeatureSpace) is { } space)
        {
            reasons.Add(space.Reason);
            return (Scenario.FeatureSpace, space.Advice);
        }
        if (evidence.Marginal is not { } marginal)
        {
            reasons.Add(Say($"A comparison takes {FewestImages} or more different images of each domain; received {evidence.SourceImages} and {evidence.TargetImages}."));
            return (Scenario.Unknown, "Add images of the smaller domain and diagnose again; they need no labels.");
        }
        if (marginal.DiscrepancyPValue <= DistributionLevel || marginal.ClassifierPValue <= DistributionLevel)
        {
            reasons.Add(Say($"The images differ: a linear classifier tells {1 - marginal.ClassifierError:0 %} of them apart (A-distance {marginal.ADistance:0.00} of 2, ")
                + Say($"p = {P(marginal.ClassifierPValue)}; mean discrepancy p = {P(marginal.DiscrepancyPValue)})."));
            return (Scenario.DomainAdaptation, "Adapt to the target; its images need no labels."
                + (evidence.Conditional is { Images: >= ManyLabels } labelled && labelled.TargetHead > labelled.SourceHead
                    ? Say($" As the target has {labelled.Images} labels, compare with training on them: cross-validated, that is right on {labelled.TargetHead:0 %}; the source head on {labelled.SourceHead:0 %}.") : ""));
        }
        if (evidence.LabelShift is { Differs: true } shift)
        {
            reasons.Add("The classes come in other proportions.");
            return (Scenario.DomainAdaptation, "Adapt to the target; its images need no labels. A method that re-weights the source suits other proportions.");
        }
        if (evidence.Conditional is { } answers && answers.DropPValue <= QuestionLevel && answers.SourceOnSource - answers.SourceHead >= LeastLoss)
        {
            reasons.Add(Say($"The images look alike, but get other labels: a head of the source is right on {answers.SourceOnSource:0.0 %} of the source and on {answers.SourceHead:0.0 %} of the target (p = {P(answers.DropPValue)})."));
            return (Scenario.TaskTransfer, Say($"Look at the labels of the target first: a head learnt from them is right on {answers.TargetHead:0.0 %}. If they are right, train on them."));
        }
        if (Math.Min(marginal.DiscrepancyPValue, marginal.ClassifierPValue) <= Level)
        {
            reasons.Add(Say($"There is a hint of a difference, but no proof (p = {P(Math.Min(marginal.DiscrepancyPValue, marginal.ClassifierPValue))}; proof is {DistributionLevel})."));
            return (Scenario.Unknown, "Add images of both domains and diagnose again; they need no labels.");
        }
        if (marginal.LargestADistance > MostDistance)
        {
            reasons.Add(Say($"No difference shows, but {evidence.SourceImages} and {evidence.TargetImages} images cannot rule one out: the A-distance may be up to {marginal.LargestADistance:0.00}."));
            return (Scenario.Unknown, "Add images of the smaller domain and diagnose again; they need no labels.");
        }
        var found = marginal.ClassifierError < .5 ? Say($"{1 - marginal.ClassifierError:0 %} of the images apart, where guessing is 50 %") : "the domains apart no better than guessing";
        reasons.Add(Say($"No difference shows: a linear classifier tells {found} (p = {P(marginal.ClassifierPValue)}; mean discrepancy p = {P(marginal.DiscrepancyPValue)}), ")
            + Say($"and the A-distance is at most {marginal.LargestADistance:0.00}."));
        return (Scenario.None, "Train on the source and use the model on the target as it is.");
    }

    private static (string Reason, string Advice)? Spaces(FeatureSpaceEvidence space)
    {
        var isGrey = space.GreyPValue <= FileLevel && Math.Abs(space.GreyDifference) >= NearlyAll;
        var isSmall = space.SmallPValue <= FileLevel && Math.Abs(space.SmallDifference) >= NearlyAll;
        if (!isGrey && !isSmall)
            return null;
        string Domain(double difference) => difference > 0 ? "target" : "source";
        string[] reasons =
        [
            .. isGrey ? [Say($"{space.Source.Grey} of {space.Source.Images} source images are grey, {space.Target.Grey} of {space.Target.Images} of the target.")] : Array.Empty<string>(),
            .. isSmall ? [Say($"{space.Source.Small} of {space.Source.Images} source images are smaller than the {space.Side} pixels the network looks at, {space.Target.Small} of {space.Target.Images} of the target.")] : Array.Empty<string>(),
        ];
        string[] steps =
        [
            .. isGrey ? [$"convert the {Domain(-space.GreyDifference)} images to grey"] : Array.Empty<string>(),
            .. isSmall ? [$"scale the {Domain(-space.SmallDifference)} images down to the size of the {Domain(space.SmallDifference)}"] : Array.Empty<string>(),
        ];
        return (string.Join(' ', reasons), $"Bring both domains into one space: {string.Join(", and ", steps)}; then diagnose again. Or adapt as they are.");
    }

    /// <summary>What else is worth knowing, and what was not asked.</summary>
    private static void Remark(DiagnosisEvidence evidence, Scenario scenario, List<string> reasons)
    {
        if (scenario == Scenario.DomainAdaptation && evidence.LabelShift is { Differs: true, AssumptionHolds: true } proportions)
            reasons.Add($"Other proportions of the classes alone would explain it: by the predictions of a source head, {Proportions(proportions)}.");
        if (scenario == Scenario.DomainAdaptation && evidence.Conditional is { } heads && heads.TargetHead - heads.SourceHead >= LeastLoss)
            reasons.Add(Say($"Of the target's labelled images the source head is right on {heads.SourceHead:0 %}, a head of the target on {heads.TargetHead:0 %}: that much is to be gained. ")
                + "Whether images or question cause it cannot be told apart where the images differ.");
        if (evidence.Conditional is null && scenario is not Scenario.TaskTransfer)
            reasons.Add(evidence.Classes.IsTargetLabeled
                ? $"Whether the same question is asked was not tested: it takes {ConditionalShift.FewestOfAClass} or more labelled target images of two classes."
                : "Whether the same question is asked, p(y|x), cannot be seen without labels of the target: sort some dozens of its images into folders of their classes to find out.");
        if (evidence.SharedImages > 0)
            reasons.Add(Say($"{evidence.SharedImages} of {evidence.TargetImages} target images are, or nearly are, in the source too: the domains look more alike than the rest of them is."));
    }

    /// <summary>The class whose share changes most.</summary>
    private static string Proportions(LabelShiftEvidence shift)
    {
        var most = Enumerable.Range(0, shift.Classes.Count).MaxBy(i => Math.Abs(shift.TargetShares[i] - shift.SourceShares[i]));
        return Say($"{shift.TargetShares[most]:0 %} of the target are '{shift.Classes[most]}' (95 % interval {shift.Intervals[most].Low:0 %} to {shift.Intervals[most].High:0 %}), {shift.SourceShares[most]:0 %} of the source");
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));

    /// <summary>A p-value as it is written in text.</summary>
    private static string P(double value) => value < .001 ? "below .001" : Say($"{value:.000}");

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
