using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using MLNetTransfer.Backbones;
using MLNetTransfer.Images;

namespace MLNetTransfer.Benchmarks;

/// <summary>What this machine allows: decoding alone, ONNX Runtime alone on a tensor in memory, and the two one after the other on the same cores.</summary>
internal static class MachineLimits
{
    private const int Batch = 2;

    /// <summary>Images/s of decoding files into tensors, on all cores, without the network.</summary>
    public static double Decode(IReadOnlyList<string> files, Preprocessing preprocessing)
    {
        var started = Stopwatch.GetTimestamp();
        Parallel.ForEach(files, () => new float[preprocessing.TensorLength], (file, _, tensor) =>
        {
            ImageDecoder.Decode(file, preprocessing, tensor, out var _);
            return tensor;
        }, _ => { });
        return files.Count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Images/s of ONNX Runtime, one single-threaded run a core on tensors that are there already.</summary>
    public static double Inference(BackboneCut cut, int images)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        using var session = new InferenceSession(cut.Onnx, options);
        var runs = images / Batch / Environment.ProcessorCount;
        Thread[] threads = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() => Run(session, cut, runs)))];
        var started = Stopwatch.GetTimestamp();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        return runs * Batch * threads.Length / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static void Run(InferenceSession session, BackboneCut cut, int runs)
    {
        var preprocessing = cut.Backbone.Preprocessing;
        var random = RandomStream.Derive(1, "pixels");
        var pixels = new float[Batch * preprocessing.TensorLength];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = random.NextSingle(-2, 2);
        using var input = OrtValue.CreateTensorValueFromMemory(pixels, [Batch, preprocessing.Channels, preprocessing.Side, preprocessing.Side]);
        using var output = OrtValue.CreateTensorValueFromMemory(new float[Batch * cut.Dimensions], [Batch, cut.Dimensions]);
        using var options = new RunOptions();
        for (var i = 0; i < runs; i++)
            session.Run(options, [cut.InputName], [input], [cut.OutputName], [output]);
    }
}
