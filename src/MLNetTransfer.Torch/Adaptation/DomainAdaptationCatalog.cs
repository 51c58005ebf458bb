using Microsoft.ML;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>Adds adaptation methods to <c>mlContext.BinaryClassification.Trainers</c> and <c>mlContext.MulticlassClassification.Trainers</c>.</summary>
public static class DomainAdaptationCatalog
{
    /// <summary>
    /// Learns two classes from a labelled source for an unlabelled target. The model adds Score and Probability (both of the second class) and
    /// PredictedLabel: the name of the class, or true and false where labels are.
    /// </summary>
    /// <param name="catalog"><c>mlContext.BinaryClassification.Trainers</c>.</param>
    /// <param name="method">The method, with its hyper-parameters.</param>
    /// <param name="target">Rows like those the model will meet, featurised as the source is. Only <paramref name="featureColumnName"/> is read: labels in it reach nobody.</param>
    /// <param name="labelColumnName">
    /// The column of the source's labels: text (classes in ordinal order), a key with text values (in the order of the keys) or Boolean (false, true).
    /// </param>
    /// <param name="featureColumnName">The column of the features, in source, target and shots: a vector of floats.</param>
    /// <param name="shots">A few labelled rows of the target, for the methods that learn from them; null for none.</param>
    /// <param name="settings">What is the same for all methods; null for the defaults.</param>
    /// <exception cref="TransferException">Target or shots lack a column, or have it of another type.</exception>
    public static DomainAdaptationEstimator DomainAdaptation(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog, AdaptationMethod method, IDataView target, string labelColumnName = "Label",
        string featureColumnName = "Features", IDataView? shots = null, AdaptationSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new DomainAdaptationEstimator(method, target, labelColumnName, featureColumnName, shots, settings, isBinary: true);
    }

    /// <summary>
    /// Learns three classes or more from a labelled source for an unlabelled target. The model adds Score (the probability of every class) and PredictedLabel (the name of
    /// the class).
    /// </summary>
    /// <param name="catalog"><c>mlContext.MulticlassClassification.Trainers</c>.</param>
    /// <param name="method">The method, with its hyper-parameters.</param>
    /// <param name="target">Rows like those the model will meet, featurised as the source is. Only <paramref name="featureColumnName"/> is read: labels in it reach nobody.</param>
    /// <param name="labelColumnName">The column of the source's labels: text (classes in ordinal order) or a key with text values (in the order of the keys).</param>
    /// <param name="featureColumnName">The column of the features, in source, target and shots: a vector of floats.</param>
    /// <param name="shots">A few labelled rows of the target, for the methods that learn from them; null for none.</param>
    /// <param name="settings">What is the same for all methods; null for the defaults.</param>
    /// <exception cref="TransferException">Target or shots lack a column, or have it of another type.</exception>
    public static DomainAdaptationEstimator DomainAdaptation(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, AdaptationMethod method, IDataView target, string labelColumnName = "Label",
        string featureColumnName = "Features", IDataView? shots = null, AdaptationSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new DomainAdaptationEstimator(method, target, labelColumnName, featureColumnName, shots, settings, isBinary: false);
    }
}
