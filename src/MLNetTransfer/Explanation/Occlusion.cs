using MLNetTransfer.Heads;
using MLNetTransfer.Images;

namespace MLNetTransfer.Explanation;

/// <summary>
/// The occlusion map: patches of the image's mean colour, one around the middle of each cell of a grid that covers the image, and how much
/// each lowers the probability of the class. The mean colour, where Zeiler and Fergus took grey, so that no patch is bright in a dark image.
/// </summary>
internal static class Occlusion
{
    public static HeatMap Of(ExplainedNetwork network, LinearHead head, float[] tensor, int index, ExplanationOptions options, CancellationToken cancellation)
    {
        var preprocessing = network.Preprocessing;
        var side = preprocessing.Side;
        var cells = Math.Min(side, (int)Math.Ceiling(1 / options.Stride - 1e-9));
        var reach = Math.Max(0.5, options.Patch * side / 2);
        var mean = MeanColour(tensor, preprocessing);
        var whole = Probability(tensor);
        var covered = new float[tensor.Length];
        var values = new float[cells * cells];
        for (var cell = 0; cell < values.Length; cell++)
        {
            cancellation.ThrowIfCancellationRequested();
            tensor.CopyTo(covered, 0);
            Cover(covered, Extent(cell / cells), Extent(cell % cells), mean, preprocessing);
            values[cell] = whole - Probability(covered);
        }
        return new HeatMap(cells, cells, values);

        (int Start, int End) Extent(int position)
        {
            var middle = (position + 0.5) * side / cells;
            return (Math.Max(0, (int)Math.Round(middle - reach)), Math.Min(side, (int)Math.Round(middle + reach)));
        }

        float Probability(float[] image)
        {
            var probabilities = new float[head.Classes.Count];
            head.Probabilities(network.Run(image).Features, probabilities);
            return probabilities[index];
        }
    }

    private static float[] MeanColour(float[] tensor, Preprocessing preprocessing)
    {
        var means = new double[preprocessing.Channels];
        for (var at = 0; at < tensor.Length; at++)
            means[ChannelOf(at, preprocessing)] += tensor[at];
        return [.. means.Select(sum => (float)(sum * preprocessing.Channels / tensor.Length))];
    }

    private static void Cover(float[] tensor, (int Start, int End) rows, (int Start, int End) columns, float[] colour, Preprocessing preprocessing)
    {
        var (side, channels) = (preprocessing.Side, preprocessing.Channels);
        var isPlanar = preprocessing.Layout == TensorLayout.Nchw;
        for (var channel = 0; channel < channels; channel++)
            for (var y = rows.Start; y < rows.End; y++)
                for (var x = columns.Start; x < columns.End; x++)
                    tensor[isPlanar ? (channel * side + y) * side + x : (y * side + x) * channels + channel] = colour[channel];
    }

    private static int ChannelOf(int at, Preprocessing preprocessing) =>
        preprocessing.Layout == TensorLayout.Nchw ? at / (preprocessing.Side * preprocessing.Side) : at % preprocessing.Channels;
}
