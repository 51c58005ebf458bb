using System.Text.RegularExpressions;
using MLNetTransfer.Images;

namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>How the published families of TensorFlow networks were fed in training, told by the names of their nodes.</summary>
internal static partial class KnownPreprocessing
{
    /// <summary>The mean and deviation on pixels of 0 to 1 that an image is fed with, and where that is known from; null when it is not.</summary>
    /// <param name="input">Where images are fed.</param>
    /// <param name="names">The names of the network's nodes.</param>
    /// <param name="isMeta">Whether the file is a MetaGraphDef.</param>
    /// <param name="first">What the graph itself does to every pixel before the first layer.</param>
    public static (ChannelValues Mean, ChannelValues Std, string Source)? Find(
        ImageSource input, IReadOnlyCollection<string> names, bool isMeta, (float Scale, float Shift) first)
    {
        if (input.IsPixels)
            return (new(0), new(1f / 255), "the graph decodes pictures itself: pixels of 0 to 255");
        if (Family(MlNet(), names) is { } retrained && isMeta)
            return (new(0), new(1), $"{retrained} in a .meta file: pixels of 0 to 1, as ML.NET's image trainer feeds them");
        var family = Family(MinusOneToOne(), names) is { } scaled ? (scaled, new(0.5f), new(0.5f), "x / 127.5 - 1")
            : Family(ChannelMeans(), names) is { } centred
                ? (centred, new(123.68f / 255, 116.78f / 255, 103.94f / 255), new(1f / 255), "the channels' means subtracted from 0 to 255")
            : names.Contains("mixed3a") && names.Contains("softmax2") ? ("Inception 5h", new(117f / 255), new(1f / 255), "117 subtracted from 0 to 255")
            : ((string Name, ChannelValues Mean, ChannelValues Std, string Range)?)null;
        if (family is not { } known || first.Scale <= 0)
            return null;
        // What the graph does itself is undone: (v - mean) / std = scale * fed + shift.
        var (mean, std) = (known.Mean, known.Std);
        return (
            new(mean.R + (first.Shift * std.R), mean.G + (first.Shift * std.G), mean.B + (first.Shift * std.B)),
            new(std.R * first.Scale, std.G * first.Scale, std.B * first.Scale),
            $"{known.Name} was trained on {known.Range}{(first == (1, 0) ? "" : ", part of which the graph does itself")}");
    }

    private static string? Family(Regex pattern, IEnumerable<string> names) =>
        names.Select(name => pattern.Match(name)).FirstOrDefault(match => match.Success)?.Groups[1].Value;

    [GeneratedRegex("(?:^|/)(MobilenetV[123]|MobilenetEdgeTPU|InceptionV[1-4]|InceptionResnetV2|resnet_v2_[0-9]+)/")]
    private static partial Regex MinusOneToOne();

    [GeneratedRegex("(?:^|/)(resnet_v1_[0-9]+|vgg_(?:a|16|19))/")]
    private static partial Regex ChannelMeans();

    [GeneratedRegex("(?:^|/)(resnet_v2_50|resnet_v2_101|InceptionV3|MobilenetV2)/")]
    private static partial Regex MlNet();
}
