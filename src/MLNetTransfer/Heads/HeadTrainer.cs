namespace MLNetTransfer.Heads;

/// <summary>
/// Trains the output layer of a transferred network: a logistic regression (two classes) or multinomial logistic regression (more)
/// over standardised bottlenecks, its L2 chosen by grouped stratified cross-validation. What comes out is made of stock ML.NET parts.
/// </summary>
public static class HeadTrainer
{
    /// <summary>Trains a head and predicts every image honestly by nested cross-validation.</summary>
    /// <param name="features">The bottlenecks, one row an image.</param>
    /// <param name="labels">The class of every row, an index into <paramref name="classes"/>.</param>
    /// <param name="groups">The group of every row: exact and near duplicates share one, and no group is ever divided.</param>
    /// <param name="classes">The names of the classes in ordinal order, 2 or more.</param>
    /// <param name="positive">The positive class of two, null for the second; must be null for more classes.</param>
    /// <param name="options">How to train; null for the defaults.</param>
    /// <param name="cancellation">Stops the training.</param>
    /// <exception cref="TransferException">The classes, labels, features or options cannot be used; the message says what and why.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public static TrainedHead Train(
        FeatureMatrix features, int[] labels, int[] groups, IReadOnlyList<string> classes, string? positive = null, HeadOptions? options = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(classes);
        return Train([new FeatureView(features)], labels, groups, classes, positive, options ?? new HeadOptions(), cancellation);
    }

    /// <summary>
    /// Trains a head on the candidate, one of several views of one matrix in ascending order of cost, that cross-validation prefers. In nested
    /// cross-validation every fold chooses anew, without the images it predicts.
    /// </summary>
    internal static TrainedHead Train(
        IReadOnlyList<FeatureView> candidates, int[] labels, int[] groups, IReadOnlyList<string> classes, string? positive, HeadOptions options,
        CancellationToken cancellation)
    {
        options.Validate();
        HeadInput.Validate(candidates[0].Matrix, labels, groups, classes, positive);
        var threads = options.Threads ?? -1;

        int[] all = [.. Enumerable.Range(0, labels.Length)];
        var (probabilities, decisions, choice) = NestedValidation.PredictAndChoose(candidates, labels, groups, classes.Count, options, threads, cancellation);
        var weights = NestedValidation.ClassWeights(labels, all, classes.Count, options.ClassWeights);

        // Everything above takes the second of two classes for the positive one, so that the choice of the positive class changes no fold.
        var chosen = candidates[choice.Index].ToMatrix();
        var transformer = classes.Count == 2 && positive == classes[0]
            ? HeadTransformer.Fit(chosen, [.. labels.Select(label => 1 - label)], [weights[1], weights[0]], [classes[1], classes[0]], choice.Selection.ForFirstClass(), options.Seed, threads, cancellation)
            : HeadTransformer.Fit(chosen, labels, weights, classes, choice.Selection, options.Seed, threads, cancellation);
        return new TrainedHead(transformer, LinearHead.FromTransformer(transformer), choice,
            new FeatureMatrix(labels.Length, classes.Count, [.. probabilities.Select(probability => (float)probability)]), decisions);
    }
}
