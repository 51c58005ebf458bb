using Microsoft.ML.OnnxRuntime;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Bottlenecks;
using MLNetTransfer.Images;
using MLNetTransfer.Torch.FineTuning;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>The mean and deviation of every channel of a tensor of a network, over all places of all images.</summary>
/// <param name="Means">One a channel.</param>
/// <param name="Deviations">One a channel.</param>
internal sealed record ChannelStatistics(double[] Means, double[] Deviations)
{
    /// <summary>Images whose sums are kept at a time; they are added in order, so that the number of threads changes no bit.</summary>
    private const int Chunk = 32;

    /// <summary>Measures tensors.</summary>
    /// <param name="model">The network.</param>
    /// <param name="tensors">The names of tensors of [N, C, H, W].</param>
    /// <param name="preprocessing">What the network expects.</param>
    /// <param name="paths">Readable images.</param>
    /// <param name="threads">Images worked on at a time; never changes the result.</param>
    /// <param name="cancellation">Stops within a second.</param>
    public static ChannelStatistics[] Of(
        ModelProto model, IReadOnlyList<string> tensors, Preprocessing preprocessing, IReadOnlyList<string> paths, int threads, CancellationToken cancellation)
    {
        using var session = NetworkSession.Open(OnnxFile.Write(GraphCut.Prune(model, [.. tensors])), threads: 1);
        long[] shape = preprocessing.Layout == TensorLayout.Nchw
            ? [1, preprocessing.Channels, preprocessing.Side, preprocessing.Side]
            : [1, preprocessing.Side, preprocessing.Side, preprocessing.Channels];
        Sums[]? all = null;
        for (var start = 0; start < paths.Count; start += Chunk)
        {
            var some = new Sums[Math.Min(Chunk, paths.Count - start)][];
            var first = start;
            Trainings.InParallel(some.Length, threads, cancellation, i =>
            {
                var tensor = new float[preprocessing.TensorLength];
                ActivationStore.Decode(paths[first + i], preprocessing, tensor);
                using var image = OrtValue.CreateTensorValueFromMemory(tensor, shape);
                using var options = new RunOptions();
                using var results = session.Run(options, [session.InputNames[0]], [image], tensors);
                some[i] = [.. results.Select(result => Sums.Of(result.GetTensorDataAsSpan<float>(), (int)result.GetTensorTypeAndShape().Shape[1]))];
            });
            foreach (var image in some)
                all = all is null ? image : [.. all.Zip(image, (sum, next) => sum.Plus(next))];
        }
        return [.. all!.Select(sums => sums.ToStatistics())];
    }

    /// <summary>Sums of the values of every channel and of their squares, and how many values there were.</summary>
    private sealed record Sums(long Values, double[] First, double[] Second)
    {
        public static Sums Of(ReadOnlySpan<float> values, int channels)
        {
            var (length, first, second) = (values.Length / channels, new double[channels], new double[channels]);
            for (var channel = 0; channel < channels; channel++)
                foreach (var value in values.Slice(channel * length, length))
                {
                    first[channel] += value;
                    second[channel] += (double)value * value;
                }
            return new Sums(length, first, second);
        }

        public Sums Plus(Sums other) => new(Values + other.Values, [.. First.Zip(other.First, (a, b) => a + b)], [.. Second.Zip(other.Second, (a, b) => a + b)]);

        public ChannelStatistics ToStatistics()
        {
            double[] means = [.. First.Select(sum => sum / Values)];
            return new ChannelStatistics(means, [.. Second.Zip(means, (sum, mean) => Math.Sqrt(Math.Max(0, (sum / Values) - (mean * mean))))]);
        }
    }
}
