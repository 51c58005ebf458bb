using System.Text.Json;

namespace MLNetTransfer.Images;

/// <summary>Reads the JSON of a <see cref="Preprocessing"/> member by member: the serializer takes longer to start than a prediction takes.</summary>
internal static class PreprocessingJson
{
    /// <exception cref="JsonException">It is not such a text.</exception>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public static Preprocessing Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw new JsonException($"It is {root.ValueKind.ToString().ToLowerInvariant()}.");
        if (!root.TryGetProperty("side", out var side) || side.ValueKind != JsonValueKind.Number || !side.TryGetInt32(out var pixels))
            throw new JsonException("It needs 'side', a whole number of pixels.");
        var read = new Preprocessing { Side = pixels };
        foreach (var member in root.EnumerateObject())
            read = member.Name switch
            {
                "side" => read,
                "resize" => read with { Resize = Named<ResizeMode>(member) },
                "resizeRatio" => read with { ResizeRatio = Single(member.Name, member.Value) },
                "order" => read with { Order = Named<PixelOrder>(member) },
                "layout" => read with { Layout = Named<TensorLayout>(member) },
                "mean" => read with { Mean = Channels(member) },
                "std" => read with { Std = Channels(member) },
                _ => throw new JsonException($"'{member.Name}' is none of its members."),
            };
        return read;
    }

    /// <summary>The names in JSON are those of C# but for their first letter.</summary>
    private static T Named<T>(JsonProperty member) where T : struct, Enum
    {
        var name = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : "";
        foreach (var value in Enum.GetValues<T>())
            if (JsonNamingPolicy.CamelCase.ConvertName(value.ToString()) == name)
                return value;
        throw new JsonException($"'{member.Name}' is none of the names it may have: {member.Value.GetRawText()}.");
    }

    private static ChannelValues Channels(JsonProperty member) =>
        member.Value.ValueKind == JsonValueKind.Array && member.Value.GetArrayLength() == 3
            ? new(Single(member.Name, member.Value[0]), Single(member.Name, member.Value[1]), Single(member.Name, member.Value[2]))
            : throw new JsonException($"'{member.Name}' is an array of three numbers: [r, g, b].");

    private static float Single(string name, JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetSingle(out var value) ? value : throw new JsonException($"'{name}' is a number.");
}
