using Microsoft.ML.OnnxRuntime;

namespace MLNetTransfer.Bottlenecks;

/// <summary>Opens a network in ONNX Runtime.</summary>
internal static class NetworkSession
{
    /// <summary>Opens a network.</summary>
    /// <param name="onnx">The bytes of its file.</param>
    /// <param name="threads">Among how many threads one run is divided.</param>
    /// <exception cref="TransferException">ONNX Runtime cannot load it.</exception>
    public static InferenceSession Open(byte[] onnx, int threads)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        // Threads that wait sleep instead of spinning, and work is handed out in small blocks: on a machine that does other work too, as a
        // server does, dividing then costs nothing (measured: spinning doubled the time of a prediction there).
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.dynamic_block_base", "4");
        try
        {
            return new InferenceSession(onnx, options);
        }
        catch (OnnxRuntimeException error)
        {
            throw new TransferException($"The network must be one that ONNX Runtime can run; "
                + $"received one it refuses: {error.Message} Export it again, with a lower operator set.", error);
        }
    }
}
