using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using ICSharpCode.SharpZipLib.BZip2;
using MLNetTransfer.Explanation;
using SkiaSharp;

namespace MLNetTransfer.Benchmarks;

/// <summary>
/// Handwritten digits of two domains as folders of pictures, one a class, for <c>mlnettransfer adapt</c>: 2,000 of MNIST (28 x 28) and 1,800 of USPS (16 x 16), the numbers
/// of Long et al. (ICCV 2013). They drew from training and test sets together and shrank MNIST to 16 x 16; here both are drawn, without regard to classes, from the
/// test sets of 10,000 and 2,007 and keep their size. Ink is white in both.
/// </summary>
internal static class DigitsBenchmark
{
    private const int Classes = 10;
    private const string Usage = "Usage: -- digits FOLDER --out DIR [--seed N]; FOLDER holds t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz and usps.t.bz2.";

    public static int Run(IReadOnlyList<string> args, TextWriter output)
    {
        var seed = 1;
        if (args.Count is not (3 or 5) || args[1] != "--out"
            || (args.Count == 5 && !(args[3] == "--seed" && int.TryParse(args[4], NumberStyles.Integer, CultureInfo.InvariantCulture, out seed))))
            throw new TransferException(Usage);
        var (folder, target) = (args[0], args[2]);
        Write(output, Path.Combine(target, "mnist"), ReadMnist(folder), 2000, RandomStream.Derive(seed, "mnist"));
        Write(output, Path.Combine(target, "usps"), ReadUsps(Path.Combine(folder, "usps.t.bz2")), 1800, RandomStream.Derive(seed, "usps"));
        return 0;
    }

    private static void Write(TextWriter output, string folder, IReadOnlyList<Digit> digits, int count, RandomStream random)
    {
        if (Directory.Exists(folder))
            throw new TransferException($"Digits are written to a new folder; '{folder}' is there already. Remove it, or name another.");
        int[] rows = [.. Enumerable.Range(0, digits.Count)];
        random.Shuffle<int>(rows);
        foreach (var row in rows.Take(count).Order())
        {
            var (label, side, pixels) = digits[row];
            using var picture = new SKBitmap(new SKImageInfo(side, side, SKColorType.Gray8, SKAlphaType.Opaque));
            for (var y = 0; y < side; y++)
                Marshal.Copy(pixels, y * side, picture.GetPixels() + (y * picture.RowBytes), side);
            var file = Path.Combine(folder, label.ToString(CultureInfo.InvariantCulture), row.ToString("00000", CultureInfo.InvariantCulture) + ".png");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            PngFile.Write(file, picture);
        }
        var drawn = rows.Take(count).CountBy(row => digits[row].Label).OrderBy(pair => pair.Key).Select(pair => pair.Value);
        output.WriteLine(FormattableString.Invariant($"{folder}: {Math.Min(count, digits.Count)} of {digits.Count} images; of 0 to 9: {string.Join(", ", drawn)}"));
    }

    /// <summary>IDX (Y. LeCun): a magic number and the dimensions as big-endian integers, then bytes.</summary>
    private static Digit[] ReadMnist(string folder)
    {
        var labels = Inflate(Path.Combine(folder, "t10k-labels-idx1-ubyte.gz"));
        var images = Inflate(Path.Combine(folder, "t10k-images-idx3-ubyte.gz"));
        int Integer(byte[] bytes, int at) => BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(4 * at));
        var (count, side) = (Integer(labels, 1), Integer(images, 2));
        if (Integer(labels, 0) != 0x801 || Integer(images, 0) != 0x803 || Integer(images, 1) != count || Integer(images, 3) != side || images.Length != 16 + (count * side * side))
            throw new TransferException($"MNIST is two IDX files of as many labels as square images; those in '{folder}' are not. Fetch them anew.");
        return [.. Enumerable.Range(0, count).Select(i => new Digit(labels[8 + i], side, images[(16 + (i * side * side))..(16 + ((i + 1) * side * side))]))];
    }

    /// <summary>LIBSVM's text: the label, 1 to 10, then index:value of all that is not 0, from 1; values from -1 (paper) to 1 (ink).</summary>
    private static Digit[] ReadUsps(string path)
    {
        const int Side = 16;
        using var reader = new StreamReader(new BZip2InputStream(File.OpenRead(path)));
        var digits = new List<Digit>();
        while (reader.ReadLine() is { } line)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var values = new double[Side * Side];
            foreach (var word in words.Skip(1))
                if (word.Split(':') is [var index, var value])
                    values[int.Parse(index, CultureInfo.InvariantCulture) - 1] = double.Parse(value, CultureInfo.InvariantCulture);
            var label = int.Parse(words[0], CultureInfo.InvariantCulture) - 1;
            if (label is < 0 or >= Classes || values.Any(value => value is < -1 or > 1))
                throw new TransferException($"USPS has labels from 1 to 10 and values from -1 to 1; line {digits.Count + 1} of '{path}' has not. Fetch it anew.");
            digits.Add(new Digit(label, Side, [.. values.Select(value => (byte)Math.Round((value + 1) * 127.5))]));
        }
        return [.. digits];
    }

    private static byte[] Inflate(string path)
    {
        using var stream = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var inflated = new MemoryStream();
        stream.CopyTo(inflated);
        return inflated.ToArray();
    }

    private sealed record Digit(int Label, int Side, byte[] Pixels);
}
