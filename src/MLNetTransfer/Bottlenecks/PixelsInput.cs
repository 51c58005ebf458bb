namespace MLNetTransfer.Bottlenecks;

/// <summary>What the pixel mapping reads of a row.</summary>
internal sealed class PixelsInput
{
    public ReadOnlyMemory<char> BottleneckImagePath { get; set; }

    public ReadOnlyMemory<char> BottleneckPreprocessing { get; set; }
}
