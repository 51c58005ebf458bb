using MLNetTransfer.Backbones.Onnx;

namespace MLNetTransfer.Explanation;

/// <summary>
/// The class activation map: as features are averages of maps and the score is linear in them, the score is a sum over places. Maps of
/// several sizes are brought to the largest, each value shared out linearly among the places around its middle. The bias is spread evenly, so that an
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
        var (down, across) = (Shares(part.Height, rows), Shares(part.Width, columns));
        for (var place = 0; place < places; place++)
        {
            var value = 0d;
            for (var channel = 0; channel < part.Channels; channel++)
                value += score.WeightOf(feature + channel) * map[place * placeStep + channel * channelStep];
            value /= places;
            foreach (var (row, vertical) in down[place / part.Width])
                foreach (var (column, horizontal) in across[place % part.Width])
                    sum[row * columns + column] += value * vertical * horizontal;
        }
    }

    /// <summary>How each place of a coarse axis is shared out on a fine one: linearly between the middles of places, each place 1 in all.</summary>
    private static (int At, double Share)[][] Shares(int coarse, int fine)
    {
        var shares = Enumerable.Range(0, coarse).Select(_ => new Dictionary<int, double>()).ToArray();
        for (var j = 0; j < fine; j++)
        {
            var at = Math.Clamp((j + 0.5) * coarse / fine - 0.5, 0, coarse - 1);
            var before = (int)at;
            shares[before][j] = 1 - (at - before);
            if (at > before)
                shares[before + 1][j] = at - before;
        }
        return [.. shares.Select(place => place.Select(pair => (pair.Key, pair.Value / place.Values.Sum())).ToArray())];
    }
}
