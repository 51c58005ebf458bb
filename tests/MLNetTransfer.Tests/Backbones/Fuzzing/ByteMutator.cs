namespace MLNetTransfer.Tests.Backbones.Fuzzing;

/// <summary>Damages a file: flips bits, cuts it short, leaves out, doubles or overwrites a part, or sets it together from two files.</summary>
internal sealed class ByteMutator(RandomStream random)
{
    public byte[] Mutate(byte[] file, byte[] other)
    {
        var (from, to) = (random.NextInt32(file.Length), random.NextInt32(file.Length));
        if (from > to)
            (from, to) = (to, from);
        switch (random.NextInt32(7))
        {
            case 0:
                var flipped = file.ToArray();
                for (var i = random.NextInt32(8); i >= 0; i--)
                    flipped[random.NextInt32(flipped.Length)] ^= (byte)(1 << random.NextInt32(8));
                return flipped;
            case 1:
                return file[..from];
            case 2:
                return [.. file[..from], .. file[to..]];
            case 3:
                return [.. file[..to], .. file[from..]];
            case 4:
                var overwritten = file.ToArray();
                overwritten[from] = (byte)random.NextInt32(256);
                return overwritten;
            case 5:
                return [.. file[..from], .. other[random.NextInt32(other.Length)..]];
            default:
                // A length or a number of ten bytes, as large as the format can say.
                return [.. file[..from], 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, .. file[from..]];
        }
    }
}
