using System.Text.Json;

namespace MLNetTransfer.Evaluation;

/// <summary>Writes an evaluation under the names of the console contract, for the console, the model card and whatever else is JSON.</summary>
public static class EvaluationJson
{
    /// <summary>
    /// Writes the members images, accuracy, accuracyInterval, auc (null when undefined), f1, precision, recall, logLoss, brier, ece and
    /// confusion into the object that is open, without braces of its own, so that the caller can add members. Numbers read back exactly.
    /// </summary>
    /// <param name="writer">A writer inside an object.</param>
    /// <param name="result">The evaluation to write.</param>
    public static void Write(Utf8JsonWriter writer, EvaluationResult result)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(result);
        writer.WriteNumber("images", result.Images);
        writer.WriteNumber("accuracy", result.Accuracy);
        writer.WriteStartArray("accuracyInterval");
        writer.WriteNumberValue(result.AccuracyInterval.Low);
        writer.WriteNumberValue(result.AccuracyInterval.High);
        writer.WriteEndArray();
        if (result.Auc is { } auc)
            writer.WriteNumber("auc", auc);
        else
            writer.WriteNull("auc");
        writer.WriteNumber("f1", result.F1);
        writer.WriteNumber("precision", result.Precision);
        writer.WriteNumber("recall", result.Recall);
        writer.WriteNumber("logLoss", result.LogLoss);
        writer.WriteNumber("brier", result.Brier);
        writer.WriteNumber("ece", result.Ece);
        Write(writer, result.Confusion);
    }

    private static void Write(Utf8JsonWriter writer, ConfusionMatrix confusion)
    {
        writer.WriteStartObject("confusion");
        for (var actual = 0; actual < confusion.Classes.Count; actual++)
        {
            writer.WriteStartObject(confusion.Classes[actual]);
            for (var predicted = 0; predicted < confusion.Classes.Count; predicted++)
                writer.WriteNumber(confusion.Classes[predicted], confusion[actual, predicted]);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }
}
