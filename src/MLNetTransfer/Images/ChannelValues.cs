using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNetTransfer.Images;

/// <summary>
/// One number for each colour, named by colour whatever the <see cref="PixelOrder"/>; a grey tensor uses <paramref name="R"/>. In JSON it
/// is the array [r, g, b].
/// </summary>
/// <param name="R">The number of red, or of grey.</param>
/// <param name="G">The number of green.</param>
/// <param name="B">The number of blue.</param>
[JsonConverter(typeof(ArrayConverter))]
public readonly record struct ChannelValues(float R, float G, float B)
{
    /// <summary>The same number for every channel.</summary>
    public ChannelValues(float value) : this(value, value, value) { }

    private sealed class ArrayConverter : JsonConverter<ChannelValues>
    {
        public override ChannelValues Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var values = JsonSerializer.Deserialize<float[]>(ref reader, options);
            return values is [var r, var g, var b] ? new(r, g, b) : throw new JsonException("Expected an array of three numbers: [r, g, b].");
        }

        public override void Write(Utf8JsonWriter writer, ChannelValues value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(value.R);
            writer.WriteNumberValue(value.G);
            writer.WriteNumberValue(value.B);
            writer.WriteEndArray();
        }
    }
}
