using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.OnnxRuntime;
using MLNetTransfer.Images;
using SkiaSharp;

namespace MLNetTransfer.Bottlenecks;

/// <summary>
/// What decides the bits of an image's features besides the image: a SHA-256 over all of it. The backbone enters as the graph of the cut, weights
/// included, so that a model.zip, which holds that graph alone, finds what was computed with the whole backbone.
/// </summary>
internal static class NetworkKey
{
    /// <summary>To be raised by whoever changes a bit of what decoding, resizing or hashing of pixels gives.</summary>
    private const string PixelsVersion = "1";

    public static byte[] Of(byte[] onnx, Preprocessing preprocessing) =>
        Of(onnx, preprocessing.ToJson(), PixelsVersion, OrtEnv.Instance().GetVersionString(), SkiaSharpVersion.Native.ToString(), Processor());

    /// <summary>The key of the given parts; each is hashed for itself, so that no byte can move from one into its neighbour.</summary>
    public static byte[] Of(byte[] onnx, params IEnumerable<string> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(SHA256.HashData(onnx));
        foreach (var text in texts)
            hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return hash.GetHashAndReset();
    }

    /// <summary>ONNX Runtime picks its kernels by these, and a home folder may be shared by unlike machines.</summary>
    private static string Processor() => FormattableString.Invariant(
        $"{RuntimeInformation.OSDescription.Split(' ')[0]} {RuntimeInformation.ProcessArchitecture} {Fma.IsSupported} {Avx2.IsSupported} {Avx512BW.IsSupported} {AvxVnni.IsSupported} {Avx512Vbmi.IsSupported} {Dp.IsSupported}");
}
