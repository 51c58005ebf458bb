using System.Text.Json;

namespace MLNetTransfer.Diagnosis;

/// <summary>A diagnosis as JSON: <c>scenario</c>, <c>evidence</c> and <c>recommendation</c> of the console contract. Evidence that could not be had is null.</summary>
public static class DiagnosisJson
{
    /// <summary>What the console contract calls a scenario.</summary>
    public static string NameOf(Scenario scenario) => scenario switch
    {
        Scenario.None => "none",
        Scenario.FeatureSpace => "feature-space",
        Scenario.DomainAdaptation => "domain-adaptation",
        Scenario.TaskTransfer => "task-transfer",
        _ => "unknown",
    };

    /// <summary>Writes the members of a diagnosis into an object that was started.</summary>
    public static void Write(Utf8JsonWriter writer, DiagnosisResult result)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(result);
        var evidence = result.Evidence;
        writer.WriteString("scenario", NameOf(result.Scenario));
        Texts(writer, "reasons", result.Reasons);
        writer.WriteStartObject("evidence");
        writer.WriteNumber("sourceImages", evidence.SourceImages);
        writer.WriteNumber("targetImages", evidence.TargetImages);
        writer.WriteNumber("sharedImages", evidence.SharedImages);
        Write(writer, evidence.FeatureSpace);
        Write(writer, evidence.Classes);
        Member(writer, "marginal", evidence.Marginal, Write);
        Member(writer, "labelShift", evidence.LabelShift, Write);
        Member(writer, "conditional", evidence.Conditional, Write);
        writer.WriteStartArray("foreign");
        foreach (var image in evidence.Foreign)
        {
            writer.WriteStartObject();
            writer.WriteString("path", image.Path);
            writer.WriteNumber("score", Rounded(image.Score));
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteString("recommendation", result.Recommendation);
    }

    private static void Write(Utf8JsonWriter writer, FeatureSpaceEvidence space)
    {
        writer.WriteStartObject("featureSpace");
        writer.WriteNumber("networkSide", space.Side);
        foreach (var (name, traits) in new[] { ("source", space.Source), ("target", space.Target) })
        {
            writer.WriteStartObject(name);
            writer.WriteNumber("grey", traits.Grey);
            writer.WriteNumber("small", traits.Small);
            writer.WriteNumber("width", traits.Width);
            writer.WriteNumber("height", traits.Height);
            writer.WriteNumber("aspect", Rounded(traits.Aspect));
            Counts(writer, "kinds", traits.Kinds);
            Counts(writer, "channels", traits.Channels);
            Counts(writer, "bitDepths", traits.BitDepths);
            writer.WriteEndObject();
        }
        writer.WriteNumber("greyP", Rounded(space.GreyPValue));
        writer.WriteNumber("smallP", Rounded(space.SmallPValue));
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, ClassEvidence classes)
    {
        writer.WriteStartObject("classes");
        writer.WriteBoolean("targetLabelled", classes.IsTargetLabeled);
        Texts(writer, "common", classes.Common);
        Texts(writer, "sourceOnly", classes.SourceOnly);
        Texts(writer, "targetOnly", classes.TargetOnly);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, MarginalShiftEvidence marginal)
    {
        writer.WriteNumber("mmd2", Rounded(marginal.Discrepancy));
        writer.WriteNumber("mmdP", Rounded(marginal.DiscrepancyPValue));
        writer.WriteNumber("bandwidth", Rounded(marginal.Bandwidth));
        writer.WriteNumber("auc", Rounded(marginal.Auc));
        writer.WriteNumber("aucP", Rounded(marginal.ClassifierPValue));
        writer.WriteNumber("aDistance", Rounded(marginal.ADistance));
        Interval(writer, "aDistanceInterval", DomainClassifier.DistanceOf(marginal.ClassifierErrorInterval.High), marginal.LargestADistance);
        writer.WriteNumber("features", marginal.Features);
        writer.WriteNumber("strongFeatures", marginal.StrongFeatures);
        writer.WriteNumber("strongFeaturesByChance", Rounded(marginal.StrongFeaturesByChance));
        writer.WriteNumber("largestEffect", Rounded(marginal.LargestEffect));
    }

    private static void Write(Utf8JsonWriter writer, LabelShiftEvidence shift)
    {
        writer.WriteBoolean("differs", shift.Differs);
        writer.WriteNumber("p", Rounded(shift.PValue));
        writer.WriteBoolean("assumptionHolds", shift.AssumptionHolds);
        writer.WriteNumber("sourceHeadAccuracy", Rounded(shift.SourceHeadAccuracy));
        writer.WritePropertyName("matchedP");
        if (shift.MatchedPValue is { } matched)
            writer.WriteNumberValue(Rounded(matched));
        else
            writer.WriteNullValue();
        writer.WriteStartArray("classes");
        for (var i = 0; i < shift.Classes.Count; i++)
        {
            writer.WriteStartObject();
            writer.WriteString("class", shift.Classes[i]);
            writer.WriteNumber("source", Rounded(shift.SourceShares[i]));
            writer.WriteNumber("target", Rounded(shift.TargetShares[i]));
            Interval(writer, "interval", shift.Intervals[i].Low, shift.Intervals[i].High);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, ConditionalShiftEvidence conditional)
    {
        writer.WriteNumber("images", conditional.Images);
        writer.WriteNumber("sourceHeadOnSource", Rounded(conditional.SourceOnSource));
        writer.WriteNumber("sourceHead", Rounded(conditional.SourceHead));
        writer.WriteNumber("targetHead", Rounded(conditional.TargetHead));
        writer.WriteNumber("pooledHead", Rounded(conditional.PooledHead));
        writer.WriteNumber("p", Rounded(conditional.PValue));
        writer.WriteNumber("dropP", Rounded(conditional.DropPValue));
    }

    private static void Member<T>(Utf8JsonWriter writer, string name, T? value, Action<Utf8JsonWriter, T> write) where T : class
    {
        if (value is null)
        {
            writer.WriteNull(name);
            return;
        }
        writer.WriteStartObject(name);
        write(writer, value);
        writer.WriteEndObject();
    }

    private static void Counts<T>(Utf8JsonWriter writer, string name, IReadOnlyList<KeyValuePair<T, int>> counts)
    {
        writer.WriteStartObject(name);
        foreach (var (value, count) in counts)
            writer.WriteNumber(FormattableString.Invariant($"{value}"), count);
        writer.WriteEndObject();
    }

    private static void Texts(Utf8JsonWriter writer, string name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    private static void Interval(Utf8JsonWriter writer, string name, double low, double high)
    {
        writer.WriteStartArray(name);
        writer.WriteNumberValue(Rounded(low));
        writer.WriteNumberValue(Rounded(high));
        writer.WriteEndArray();
    }

    /// <summary>What is meaningful of a figure, and a little more: the last bits differ between processors.</summary>
    private static double Rounded(double value) => Math.Round(value, 6);
}
