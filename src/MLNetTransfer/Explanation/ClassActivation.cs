using MLNetTransfer.Backbones.Onnx;

namespace MLNetTransfer.Explanation;

/// <summary>
/// The class activation map: as features are averages of maps and the score is linear in them, the score is a sum over places. Maps of
/// several sizes are brought to the largest, each value shared out among the places it covers. The bias is spread evenly, so that an
/// average place is worth nothing rather than the average of all weights, and the sum of the map is the score.
/// </summary>
internal static class ClassActivation
{
    public static HeatMap Of(IReadOnlyList<TensorShape> parts, Func<TensorShape, float[]> maps, ClassScore score)
    {
        var (rows, columns) = (parts.Max(part => part.Height), parts.Max(part => part.Width));
        var sum = new double[rows * columns];
        sum.AsSpan().Fill(score.Bias / sum.Length);
        var feature = 0;
        foreach (var part in parts)
        {
            Add(part, maps(part), score, feature, sum, rows, columns);
            feature += part.Channels;
        }
        return new HeatMap(rows, columns, [.. sum.Select(value => (float)value)]);
    }

    private static void Add(TensorShape part, float[] map, ClassScore score, int feature, double[] sum, int rows, int columns)
    {
        var places = part.Height * part.Width;
        var (placeStep, channelStep) = part.IsChannelsLast ? (part.Channels, 1) : (1, places);
        for (var place = 0; place < places; place++)
        {
            var value = 0d;
            for (var channel = 0; channel < part.Channels; channel++)
                value += score.WeightOf(feature + channel) * map[place * placeStep + channel * channelStep];
            Share(value / places, place / part.Width, part.Height, rows, place % part.Width, part.Width, columns, sum);
        }
    }

    /// <summary>Shares a value out among the cells that a place of a coarser grid covers, by area.</summary>
    private static void Share(double value, int y, int height, int rows, int x, int width, int columns, double[] sum)
    {
        for (var row = y * rows / height; row < rows && Overlap(y, height, row, rows) is > 0 and var down; row++)
            for (var column = x * columns / width; column < columns && Overlap(x, width, column, columns) is > 0 and var across; column++)
                sum[row * columns + column] += value * down * across;
    }

    /// <summary>The part of interval i of n that lies in interval j of m, both dividing the same length.</summary>
    private static double Overlap(int i, int n, int j, int m) => Math.Min((i + 1d) * m, (j + 1d) * n) / m - Math.Max((double)i * m, (double)j * n) / m;
}
