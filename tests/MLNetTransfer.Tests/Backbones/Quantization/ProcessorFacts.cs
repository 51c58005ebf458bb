using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MLNetTransfer.Tests.Backbones.Quantization;

/// <summary>What integer arithmetic this processor has.</summary>
internal static class ProcessorFacts
{
    /// <summary>
    /// Whether products of bytes are added in 16 bits, which overflow: x86 without VNNI (CPUID leaf 7: AVX512-VNNI is bit 11 of ECX in subleaf 0,
    /// AVX-VNNI bit 4 of EAX in subleaf 1), ARM without dot products.
    /// </summary>
    public static bool NeedsReducedRange { get; } = X86Base.IsSupported
        ? (X86Base.CpuId(7, 0).Ecx & (1 << 11)) == 0 && (X86Base.CpuId(7, 1).Eax & (1 << 4)) == 0
        : !Dp.IsSupported;
}
