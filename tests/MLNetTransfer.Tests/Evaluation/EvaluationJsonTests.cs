using System.Text;
using System.Text.Json;
using MLNetTransfer.Evaluation;

namespace MLNetTransfer.Tests.Evaluation;

public sealed class EvaluationJsonTests
{
    [Fact]
    public void Write_Result_HasTheNamesOfTheConsoleContractInOrder()
    {
        using var json = Written(Examples.Binary());

        Assert.Equal(["images", "accuracy", "accuracyInterval", "auc", "f1", "precision", "recall", "logLoss", "brier", "ece", "confusion"],
            json.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal("""{"intact":{"intact":61,"cracked":24},"cracked":{"intact":29,"cracked":86}}""", json.RootElement.GetProperty("confusion").GetRawText());
    }

    [Fact]
    public void Write_Numbers_ReadBackExactly()
    {
        var result = Examples.Three();
        using var json = Written(result);
        double Read(string name) => json.RootElement.GetProperty(name).GetDouble();

        Assert.Equal((result.Accuracy, result.Auc, result.F1, result.Precision, result.Recall), (Read("accuracy"), Read("auc"), Read("f1"), Read("precision"), Read("recall")));
        Assert.Equal((result.LogLoss, result.Brier, result.Ece), (Read("logLoss"), Read("brier"), Read("ece")));
        var interval = json.RootElement.GetProperty("accuracyInterval");
        Assert.Equal(result.AccuracyInterval, new Interval(interval[0].GetDouble(), interval[1].GetDouble()));
    }

    [Fact]
    public void Write_UndefinedAuc_IsNull()
    {
        using var json = Written(Examples.Binary([1, 1], [.9f, .8f]));

        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("auc").ValueKind);
    }

    private static JsonDocument Written(EvaluationResult result)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            EvaluationJson.Write(writer, result);
            writer.WriteEndObject();
        }
        return JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray()));
    }
}
