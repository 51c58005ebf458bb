using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using MLNetTransfer.TestSupport;
using MLNetTransfer.Torch.Native;

namespace MLNetTransfer.Torch.Tests.Native;

public sealed partial class ElfVersionNeedsTests
{
    private const string Version = "GLIBCXX_3.4.32";

    [Fact]
    public void MakeWeak_TorchSharpLibrary_ChangesTheFlagOfTheOneEntry()
    {
        var original = TorchSharpLibrary();
        var image = original.ToArray();
        Assert.Equal(1, ElfVersionNeeds.MakeWeak(image, Version));

        // Oracle: an entry begins with the hash of its name, and its flags follow; the hash of this name occurs once.
        var entry = Assert.Single(PlacesOf(Hash(Version), original));
        Assert.Equal(0, BinaryPrimitives.ReadUInt16LittleEndian(original.AsSpan(entry + 4)));
        Assert.Equal([(entry + 4, 2)], Changes(original, image));
    }

    [Fact]
    public void MakeWeak_TorchSharpLibrary_IsWhatReadelfCallsWeak()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/readelf"), "readelf is not on this machine.");
        using var folder = new TemporaryFolder();
        var original = TorchSharpLibrary();
        var image = original.ToArray();
        ElfVersionNeeds.MakeWeak(image, Version);
        File.WriteAllBytes(folder.File("original.so"), original);
        File.WriteAllBytes(folder.File("weak.so"), image);
        var before = Needs(folder.File("original.so"));
        var expected = before.Select(need => need.Name == Version ? need with { Flags = "WEAK" } : need).ToList();
        Assert.Single(before, need => need.Name == Version && need.Flags == "none");
        Assert.Equal(expected, Needs(folder.File("weak.so")));
    }

    [Fact]
    public void MakeWeak_Twice_ChangesNothingMore()
    {
        var once = TorchSharpLibrary();
        ElfVersionNeeds.MakeWeak(once, Version);
        var twice = once.ToArray();
        ElfVersionNeeds.MakeWeak(twice, Version);
        Assert.Equal(once, twice);
    }

    [Theory]
    [InlineData("GLIBCXX_3.4.3")]
    [InlineData("GLIBCXX_3.4.320")]
    public void MakeWeak_VersionNotNeeded_ChangesNothing(string version)
    {
        var original = TorchSharpLibrary();
        Assert.SkipWhen(PlacesOf(Hash(version), original).Count > 0, "The library needs that version or holds a number like its hash.");
        var image = original.ToArray();
        Assert.Equal(0, ElfVersionNeeds.MakeWeak(image, version));
        Assert.Equal(original, image);
    }

    [Fact]
    public void MakeWeak_NotALibrary_Throws()
    {
        byte[][] inputs = [[], Encoding.ASCII.GetBytes(new string('x', 1000)), Elf(@class: 1), Elf(@class: 2)[..63]];
        Assert.All(inputs, input => Assert.Contains("ELF", Assert.Throws<TransferException>(() => ElfVersionNeeds.MakeWeak(input, Version)).Message));
    }

    [Fact]
    public void MakeWeak_TruncatedLibrary_Throws()
    {
        var library = TorchSharpLibrary();
        foreach (var length in new[] { 64, 1000, library.Length / 2, library.Length - 64 })
        {
            Assert.Contains("truncated", Assert.Throws<TransferException>(() => ElfVersionNeeds.MakeWeak(library[..length], Version)).Message);
        }
    }

    [Theory]
    [InlineData(0x1000ul)]
    [InlineData(0x80000000ul)]
    [InlineData(ulong.MaxValue)]
    public void MakeWeak_SectionsOutsideTheFile_Throws(ulong sections)
    {
        var image = Elf(@class: 2);
        BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(0x28), sections);
        Assert.Throws<TransferException>(() => ElfVersionNeeds.MakeWeak(image, Version));
    }

    private static byte[] TorchSharpLibrary()
    {
        var platform = $"linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        var path = Path.Combine(AppContext.BaseDirectory, "runtimes", platform, "native", "libLibTorchSharp.so");
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists(path), $"TorchSharp has no library for {platform}.");
        return File.ReadAllBytes(path);
    }

    /// <summary>An ELF header that promises one section of 64 bytes.</summary>
    private static byte[] Elf(byte @class)
    {
        var image = new byte[256];
        new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', @class, 1, 1 }.CopyTo(image, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(0x3a), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(0x3c), 1);
        return image;
    }

    /// <summary>The hash of the System V ABI (figure 5-13, "Hashing Function").</summary>
    private static uint Hash(string name)
    {
        var hash = 0u;
        foreach (var letter in name)
        {
            hash = (hash << 4) + letter;
            var high = hash & 0xf0000000;
            hash = (hash ^ (high >> 24)) & ~high;
        }

        return hash;
    }

    private static List<int> PlacesOf(uint value, byte[] image)
    {
        var words = MemoryMarshal.Cast<byte, uint>(image);
        var places = new List<int>();
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i] == value)
                places.Add(i * sizeof(uint));
        }

        return places;
    }

    private static IEnumerable<(int Place, int Change)> Changes(byte[] before, byte[] after)
    {
        Assert.Equal(before.Length, after.Length);
        return Enumerable.Range(0, before.Length).Where(i => before[i] != after[i]).Select(i => (i, before[i] ^ after[i]));
    }

    private static List<(string Name, string Flags, int Version)> Needs(string path)
    {
        using var readelf = Process.Start(new ProcessStartInfo("/usr/bin/readelf", ["-V", "-W", path]) { RedirectStandardOutput = true })!;
        var output = readelf.StandardOutput.ReadToEnd();
        readelf.WaitForExit();
        return [.. Need().Matches(output).Select(m => (m.Groups[1].Value, m.Groups[2].Value, int.Parse(m.Groups[3].Value, CultureInfo.InvariantCulture)))];
    }

    [GeneratedRegex(@"Name: (\S+) +Flags: (\S+) +Version: (\d+)")]
    private static partial Regex Need();
}
