using System.Text.Json.Serialization;

namespace MLNetTransfer.Images;

/// <summary>Which channels a tensor has, in which order.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PixelOrder>))]
public enum PixelOrder
{
    /// <summary>Red, green, blue.</summary>
    [JsonStringEnumMemberName("rgb")]
    Rgb,

    /// <summary>Blue, green, red.</summary>
    [JsonStringEnumMemberName("bgr")]
    Bgr,

    /// <summary>One channel: the luma 0.299 R + 0.587 G + 0.114 B of ITU-R BT.601.</summary>
    [JsonStringEnumMemberName("gray")]
    Gray,
}
