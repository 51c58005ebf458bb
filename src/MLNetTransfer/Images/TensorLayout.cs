using System.Text.Json.Serialization;

namespace MLNetTransfer.Images;

/// <summary>In which order the numbers of one image lie in memory.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TensorLayout>))]
public enum TensorLayout
{
    /// <summary>Channel after channel, each one row after row (ONNX from PyTorch).</summary>
    [JsonStringEnumMemberName("nchw")]
    Nchw,

    /// <summary>Pixel after pixel, the channels of one pixel side by side (TensorFlow).</summary>
    [JsonStringEnumMemberName("nhwc")]
    Nhwc,
}
