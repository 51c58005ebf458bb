using System.Text.Json.Serialization;

namespace MLNetTransfer.Images;

/// <summary>How a picture of any shape becomes a square.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ResizeMode>))]
public enum ResizeMode
{
    /// <summary>Both sides are scaled to the square's side, whatever the picture's shape, as ML.NET's image trainer does.</summary>
    [JsonStringEnumMemberName("squash")]
    Squash,

    /// <summary>
    /// The shorter side is scaled to side x <see cref="Preprocessing.ResizeRatio"/>, keeping the shape, and the square is cut out of the
    /// middle, as torchvision's Resize(256), CenterCrop(224) does.
    /// </summary>
    [JsonStringEnumMemberName("centerCrop")]
    CenterCrop,
}
