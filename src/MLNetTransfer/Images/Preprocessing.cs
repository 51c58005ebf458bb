using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNetTransfer.Images;

/// <summary>
/// How a picture becomes the tensor a network expects: resized with anti-aliasing to a square, then each channel value v of 0..1 becomes
/// (v - mean) / deviation. An immutable value; two that are equal give the same tensors.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record Preprocessing
{
    /// <summary>The largest <see cref="Side"/>.</summary>
    public const int MaxSide = 4096;

    private readonly int _side;
    private readonly ResizeMode _resize;
    private readonly float _resizeRatio = 256f / 224;
    private readonly PixelOrder _order;
    private readonly TensorLayout _layout;
    private readonly ChannelValues _mean;
    private readonly ChannelValues _std = new(1);

    /// <summary>The side of the square in pixels, 1 to <see cref="MaxSide"/>.</summary>
    [JsonPropertyName("side")]
    public required int Side
    {
        get => _side;
        init => _side = value is >= 1 and <= MaxSide ? value : throw Invalid(nameof(Side), $"is 1 to {MaxSide} pixels", value);
    }

    /// <summary>How a picture of any shape becomes the square. Default: <see cref="ResizeMode.Squash"/>.</summary>
    [JsonPropertyName("resize")]
    public ResizeMode Resize
    {
        get => _resize;
        init => _resize = Enum.IsDefined(value) ? value : throw Invalid(nameof(Resize), "is squash or centerCrop", value);
    }

    /// <summary>
    /// With <see cref="ResizeMode.CenterCrop"/>: the shorter side before the crop, as a multiple of <see cref="Side"/>, 1 to 4.
    /// Default: 256/224. Without effect when squashing.
    /// </summary>
    [JsonPropertyName("resizeRatio")]
    public float ResizeRatio
    {
        get => _resizeRatio;
        init => _resizeRatio = value is >= 1 and <= 4 ? value : throw Invalid(nameof(ResizeRatio), "is 1 to 4", value);
    }

    /// <summary>The channels and their order. Default: <see cref="PixelOrder.Rgb"/>.</summary>
    [JsonPropertyName("order")]
    public PixelOrder Order
    {
        get => _order;
        init => _order = Enum.IsDefined(value) ? value : throw Invalid(nameof(Order), "is rgb, bgr or gray", value);
    }

    /// <summary>How the numbers lie in memory. Default: <see cref="TensorLayout.Nchw"/>.</summary>
    [JsonPropertyName("layout")]
    public TensorLayout Layout
    {
        get => _layout;
        init => _layout = Enum.IsDefined(value) ? value : throw Invalid(nameof(Layout), "is nchw or nhwc", value);
    }

    /// <summary>What is subtracted from each channel, where black is 0 and white is 1. Default: 0.</summary>
    [JsonPropertyName("mean")]
    public ChannelValues Mean
    {
        get => _mean;
        init => _mean = float.IsFinite(value.R + value.G + value.B) ? value : throw Invalid(nameof(Mean), "is three finite numbers", value);
    }

    /// <summary>What each channel is divided by, greater than 0, where black is 0 and white is 1. Default: 1; 1/255 keeps 0..255.</summary>
    [JsonPropertyName("std")]
    public ChannelValues Std
    {
        get => _std;
        init => _std = value is { R: > 0, G: > 0, B: > 0 } && float.IsFinite(value.R + value.G + value.B)
            ? value
            : throw Invalid(nameof(Std), "is three finite numbers greater than 0", value);
    }

    /// <summary>The number of channels: 3, or 1 for grey.</summary>
    [JsonIgnore]
    public int Channels => Order == PixelOrder.Gray ? 1 : 3;

    /// <summary>The number of values in the tensor of one image: channels x side x side.</summary>
    [JsonIgnore]
    public int TensorLength => Channels * Side * Side;

    /// <summary>RGB, squashed, with the mean and deviation of the ImageNet photos that torchvision's networks were trained with.</summary>
    /// <param name="side">The side of the square in pixels.</param>
    public static Preprocessing ImageNet(int side) => new()
    {
        Side = side,
        Mean = new(0.485f, 0.456f, 0.406f),
        Std = new(0.229f, 0.224f, 0.225f),
    };

    /// <summary>The canonical JSON text: one line, every property in a fixed order. Equal values give the same text, fit for hashing.</summary>
    public string ToJson() => JsonSerializer.Serialize(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote, or a hand-written description: all but "side" may be left out.</summary>
    /// <exception cref="TransferException">It is not such a text.</exception>
    public static Preprocessing FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            return PreprocessingJson.Read(json);
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            throw new TransferException(
                $"Preprocessing is described by a JSON object such as {ImageNet(224).ToJson()}; received {json}. {error.Message}", error);
        }
    }

    private static ArgumentOutOfRangeException Invalid(string property, string rule, object value) =>
        new(property, FormattableString.Invariant($"{property} {rule}; received {value}."));
}
