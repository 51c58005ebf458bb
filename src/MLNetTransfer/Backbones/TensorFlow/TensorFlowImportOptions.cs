using MLNetTransfer.Images;

namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>What a TensorFlow graph file does not say about a network, or says wrongly. All of it may be left out for the published families.</summary>
public sealed class TensorFlowImportOptions
{
    /// <summary>What to call the backbone. Default: the name of the file without its extension.</summary>
    public string? Name { get; init; }

    /// <summary>The licence of the weights, such as an SPDX identifier. Default: "not stated".</summary>
    public string? Licence { get; init; }

    /// <summary>The tensor that images are fed to; what lies before it is left out. Default: the graph's Placeholder of images.</summary>
    public string? Input { get; init; }

    /// <summary>The tensor the network ends at; what lies behind it is left out. Default: the last Softmax.</summary>
    public string? Output { get; init; }

    /// <summary>The side of the square images, in pixels. Default: what the graph's input declares.</summary>
    public int? Side { get; init; }

    /// <summary>What is subtracted from pixels of 0 to 1; given together with <see cref="Std"/>. Default: that of the network's family.</summary>
    public ChannelValues? Mean { get; init; }

    /// <summary>What pixels of 0 to 1 are divided by after <see cref="Mean"/>. Default: that of the network's family.</summary>
    public ChannelValues? Std { get; init; }

    /// <summary>The order of the channels. Default: RGB, or grey for a network of one channel.</summary>
    public PixelOrder? Order { get; init; }

    /// <summary>How a picture becomes a square. Default: <see cref="ResizeMode.Squash"/>.</summary>
    public ResizeMode Resize { get; init; }
}
