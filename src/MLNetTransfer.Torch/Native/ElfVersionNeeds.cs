using System.Buffers.Binary;
using System.Text;

namespace MLNetTransfer.Torch.Native;

/// <summary>
/// Edits the table of symbol versions that a 64-bit little-endian ELF library needs (section .gnu.version_r; structures Elf64_Verneed and
/// Elf64_Vernaux of the Linux Standard Base, "Symbol Versioning").
/// </summary>
internal static class ElfVersionNeeds
{
    private const uint GnuVersionNeeds = 0x6ffffffe;
    private const ushort WeakFlag = 0x2;

    /// <summary>Marks one needed version as weak, so that the loader goes on without it.</summary>
    /// <param name="image">The whole library, changed in place.</param>
    /// <param name="version">The name of the version, such as GLIBCXX_3.4.32.</param>
    /// <returns>How many entries were marked; 0 when the library does not need that version.</returns>
    /// <exception cref="TransferException">The bytes are not a 64-bit little-endian ELF file, or its tables lie outside it.</exception>
    public static int MakeWeak(byte[] image, string version)
    {
        if (image.Length < 64 || !image.AsSpan(0, 6).SequenceEqual<byte>([0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
            throw new TransferException($"Expected a 64-bit little-endian ELF library; received {image.Length} bytes that are not one. Restore the package again.");
        try
        {
            return MakeWeak(image.AsSpan(), Encoding.ASCII.GetBytes(version));
        }
        catch (Exception exception) when (exception is ArgumentOutOfRangeException or OverflowException)
        {
            throw new TransferException("Expected the section tables of an ELF library inside the file; received a truncated library. Restore the package again.", exception);
        }
    }

    private static int MakeWeak(Span<byte> image, ReadOnlySpan<byte> version)
    {
        var sections = image[checked((int)Read64(image, 0x28))..];
        var sectionSize = Read16(image, 0x3a);
        var sectionCount = Read16(image, 0x3c);
        var marked = 0;
        for (var s = 0; s < sectionCount; s++)
        {
            var section = sections.Slice(s * sectionSize, sectionSize);
            if (Read32(section, 4) != GnuVersionNeeds)
                continue;
            var names = image[checked((int)Read64(sections.Slice(checked((int)Read32(section, 0x28)) * sectionSize, sectionSize), 0x18))..];
            var need = image[checked((int)Read64(section, 0x18))..];
            for (var file = 0u; file < Read32(section, 0x2c); file++)
            {
                var entry = need[checked((int)Read32(need, 8))..];
                for (var i = 0; i < Read16(need, 2); i++)
                {
                    var name = names[checked((int)Read32(entry, 8))..];
                    if (name[..(version.Length + 1)].StartsWith(version) && name[version.Length] == 0)
                    {
                        BinaryPrimitives.WriteUInt16LittleEndian(entry[4..], (ushort)(Read16(entry, 4) | WeakFlag));
                        marked++;
                    }

                    entry = entry[checked((int)Read32(entry, 12))..];
                }

                need = need[checked((int)Read32(need, 12))..];
            }
        }

        return marked;
    }

    private static ushort Read16(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

    private static uint Read32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    private static ulong Read64(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]);
}
