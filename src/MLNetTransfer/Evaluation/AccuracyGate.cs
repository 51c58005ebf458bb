using System.Globalization;

namespace MLNetTransfer.Evaluation;

/// <summary>
/// The least that a model must reach on held-out images, for tests and for the exit code of the console. Requirements left out are not
/// checked; a requirement on a figure that is undefined for these images is not met.
/// </summary>
public sealed class AccuracyGate
{
    /// <summary>The least accuracy, 0 to 1; null (default): not checked.</summary>
    /// <exception cref="TransferException">The value is not from 0 to 1.</exception>
    public double? MinAccuracy { get; init => field = Share(value, "accuracy"); }

    /// <summary>The least area under the receiver operating characteristic, 0 to 1; null (default): not checked.</summary>
    /// <exception cref="TransferException">The value is not from 0 to 1.</exception>
    public double? MinAuc { get; init => field = Share(value, "AUC"); }

    /// <summary>The least recall that each single class must reach, 0 to 1; null (default): not checked.</summary>
    /// <exception cref="TransferException">The value is not from 0 to 1.</exception>
    public double? MinRecallPerClass { get; init => field = Share(value, "recall"); }

    /// <summary>The least number of images the figures must stand on, 1 or more; null (default): not checked.</summary>
    /// <exception cref="TransferException">The value is below 1.</exception>
    public int? MinImages
    {
        get;
        init => field = value is null or >= 1 ? value
            : throw new TransferException($"A minimum number of images is 1 or more; received {value}. Leave it out to check none.");
    }

    /// <summary>Checks an evaluation against every requirement.</summary>
    /// <param name="result">The evaluation, on images the model was not trained on.</param>
    public GateResult Check(EvaluationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        List<string> failures = [];
        if (result.Images < MinImages)
            failures.Add($"{result.Images} images are fewer than {MinImages}");
        if (result.Accuracy < MinAccuracy)
            failures.Add(string.Create(CultureInfo.InvariantCulture,
                $"accuracy {Below(result.Accuracy, MinAccuracy.Value)} [{result.AccuracyInterval.Low:0.000}, {result.AccuracyInterval.High:0.000}] "
                + $"on {result.Images} images is below {MinAccuracy}"));
        if (MinAuc is { } minAuc)
        {
            if (result.Auc is not { } auc)
                failures.Add("AUC is undefined, because only one class occurs among the images");
            else if (auc < minAuc)
                failures.Add(string.Create(CultureInfo.InvariantCulture,
                    $"AUC {Below(auc, minAuc)} on {result.Images} images is below {minAuc}"));
        }
        if (MinRecallPerClass is { } minRecall)
            failures.AddRange(RecallFailures(result.Confusion, minRecall));
        return new GateResult(failures.AsReadOnly());
    }

    private static IEnumerable<string> RecallFailures(ConfusionMatrix confusion, double minimum)
    {
        for (var label = 0; label < confusion.Classes.Count; label++)
        {
            var images = confusion.ActualCount(label);
            var recall = confusion.Recall(label);
            if (images == 0)
                yield return $"recall of '{confusion.Classes[label]}' is undefined, because none of the images is of that class";
            else if (recall < minimum)
                yield return string.Create(CultureInfo.InvariantCulture,
                    $"recall of '{confusion.Classes[label]}' {Below(recall, minimum)} on {images} images is below {minimum}");
        }
    }

    // As many decimals as it takes to show that the value is below: never "0.950 is below 0.95".
    private static string Below(double value, double minimum)
    {
        var decimals = 3;
        while (decimals < 15 && Math.Round(value, decimals) >= minimum)
            decimals++;
        return value.ToString($"F{decimals}", CultureInfo.InvariantCulture);
    }

    private static double? Share(double? value, string name) => value is null or (>= 0 and <= 1) ? value
        : throw new TransferException(string.Create(CultureInfo.InvariantCulture,
            $"A minimum {name} is a share from 0 to 1; received {value}. Write 95 % as 0.95."));
}
