using MLNetTransfer.Images;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Explanation;

/// <summary>A prediction and what it rests on. Immutable.</summary>
public sealed class ImageExplanation
{
    private readonly Preprocessing _preprocessing;

    internal ImageExplanation(string path, ImagePrediction prediction, string name, ExplanationMethod method, HeatMap map, Preprocessing preprocessing) =>
        (Path, Prediction, Class, Method, Map, _preprocessing) = (path, prediction, name, method, map, preprocessing);

    /// <summary>The image file as it was given.</summary>
    public string Path { get; }

    /// <summary>What the model predicts.</summary>
    public ImagePrediction Prediction { get; }

    /// <summary>The class that is explained.</summary>
    public string Class { get; }

    /// <summary>How.</summary>
    public ExplanationMethod Method { get; }

    /// <summary>
    /// What each place of the image is worth. A class activation map sums to the score of the class: its log-odds for one of two classes, its score
    /// before the softmax for one of more. A Grad-CAM map has the unit of that score too, and lacks its bias. An occlusion map holds drops of the probability of the class, -1 to 1.
    /// </summary>
    public HeatMap Map { get; }

    /// <summary>
    /// Writes a PNG: the picture, beside it the same in grey with the map over the part the network saw, red where a place speaks for the class and
    /// blue where it speaks against it, and a legend. The file appears complete or not at all.
    /// </summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="ImageException">The image is gone, or too large to show.</exception>
    /// <exception cref="TransferException">The file cannot be written.</exception>
    public void SavePng(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var picture = HeatPicture.WithLegend(this, _preprocessing);
        PngFile.Write(path, picture);
    }

    /// <summary>The picture in grey with the map over it, as a JPEG.</summary>
    /// <param name="side">Its longest side in pixels, 1 or more.</param>
    /// <exception cref="ImageException">The image is gone, or too large to show.</exception>
    internal byte[] Overlay(int side)
    {
        using var picture = HeatPicture.Read(Path, side);
        using var overlay = HeatPicture.Overlay(picture, Map, _preprocessing);
        using var jpeg = overlay.Encode(SkiaSharp.SKEncodedImageFormat.Jpeg, 85);
        return jpeg.ToArray();
    }
}
