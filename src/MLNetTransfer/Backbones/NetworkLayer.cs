using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Backbones.Onnx.Shapes;

namespace MLNetTransfer.Backbones;

/// <summary>A layer or block of a network: the step that applies weights, and those behind it that do not.</summary>
internal sealed class NetworkLayer(List<NetworkStep> steps, ShapeInference shapes)
{
    public List<NetworkStep> Steps { get; } = steps;

    /// <summary>The tensor to cut at; null when there is none.</summary>
    public string? Place { get; set; }

    /// <summary>Whether it is half of a separable convolution: it filters each channel on its own.</summary>
    public bool IsDepthwise => Weights is [_, 1, ..] && Steps[0].Layers[0].Find("group")?.I > 1;

    /// <summary>Whether it mixes channels alone.</summary>
    public bool IsOneByOne => Weights is [_, _, 1, 1] && Steps[0].Layers[0].Find("group")?.I is null or 1;

    public long Channels => shapes.Find(Place ?? Steps[0].Tensor) is { Rank: 4 } map ? map.Dims[map.IsChannelsLast ? 3 : 1] : 0;

    private long[]? Weights => Steps[0].Layers is [{ OpType: "Conv", Input.Count: > 1 } only] ? shapes.Find(only.Input[1])?.Dims : null;

    public bool Holds(string tensor) => Steps.Any(step => step.Tensor == tensor);

    /// <summary>The tensor after the activations that follow the weights, or the nearest one before it that fits.</summary>
    public string? FindPlace(Func<string, bool> isPlace)
    {
        var complete = 0;
        while (complete + 1 < Steps.Count && Steps[complete + 1].IsActivation)
            complete++;
        return Steps.Take(complete + 1).Select(step => step.Tensor).LastOrDefault(isPlace);
    }
}
