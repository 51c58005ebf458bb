using System.Security.Cryptography;
using System.Text;
using MLNetTransfer.Surfaces.Rendering;

namespace MLNetTransfer.Surfaces;

/// <summary>
/// The embedded set: a labelled source domain, and target domains with few training images and a larger held-out part. Every file
/// has a seed of its own, derived from the set's seed and the file's path, so the parts never share an image.
/// </summary>
public static class SurfaceSet
{
    /// <summary>Name of the list of SHA-256 digests, in the format of <c>sha256sum</c>, in ordinal order of the paths.</summary>
    public const string DigestFile = "SHA256SUMS";

    private static readonly (SurfaceDomain Domain, string Folder, int PerClass)[] Parts =
    [
        (SurfaceDomains.Asphalt, "asphalt/test", 150),
        (SurfaceDomains.Asphalt, "asphalt/train", 80),
        (SurfaceDomains.Concrete, "concrete", 150),
        (SurfaceDomains.Plaster, "plaster/test", 150),
        (SurfaceDomains.Plaster, "plaster/train", 80),
    ];

    /// <summary>Every image of the set, in ordinal order of the paths.</summary>
    public static IReadOnlyList<SurfaceImage> Plan { get; } =
    [
        .. from part in Parts
           from cracked in new[] { true, false }
           from number in Enumerable.Range(1, part.PerClass)
           let path = FormattableString.Invariant($"{part.Folder}/{(cracked ? "cracked" : "intact")}/{number:000}.jpg")
           select new SurfaceImage(path, part.Domain, cracked),
    ];

    /// <summary>Renders one image of the plan.</summary>
    /// <param name="image">An image of <see cref="Plan"/>.</param>
    /// <param name="seed">The seed of the set.</param>
    /// <returns>The bytes of its JPEG file.</returns>
    public static byte[] Render(SurfaceImage image, int seed)
    {
        ArgumentNullException.ThrowIfNull(image);
        return SurfaceRenderer.Render(image.Domain, image.Cracked, RandomStream.DeriveSeed((ulong)seed, image.Path));
    }

    /// <summary>
    /// Writes the whole set and its list of digests. Each file is written to a temporary name and moved into place, the list last.
    /// The bytes depend on the seed alone, not on the number of threads.
    /// </summary>
    /// <param name="folder">A folder that does not exist yet, is empty, or holds files of this set only; those are replaced.</param>
    /// <param name="seed">The seed of the set; the committed one has 1.</param>
    /// <param name="progress">Hears of every image written, in no order.</param>
    /// <param name="cancellation">Stops between two images; what is written stays, the list of digests is then missing.</param>
    /// <exception cref="SurfaceException">The folder holds other files. Nothing has been written.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The writing was stopped.</exception>
    public static void Write(string folder, int seed, IProgress<SurfaceImage>? progress = null, CancellationToken cancellation = default) =>
        Write(folder, seed, Plan, progress, cancellation);

    internal static void Write(
        string folder, int seed, IReadOnlyList<SurfaceImage> images, IProgress<SurfaceImage>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        RefuseForeignFiles(folder);
        foreach (var part in images.Select(image => Path.GetDirectoryName(image.Path)!).Distinct())
            Directory.CreateDirectory(Path.Combine(folder, part));
        File.Delete(Path.Combine(folder, DigestFile));
        var digests = new string[images.Count];
        Parallel.For(0, images.Count, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            var bytes = Render(images[i], seed);
            Place(Path.Combine(folder, images[i].Path), bytes);
            digests[i] = $"{Convert.ToHexStringLower(SHA256.HashData(bytes))}  {images[i].Path}\n";
            progress?.Report(images[i]);
        });
        Place(Path.Combine(folder, DigestFile), Encoding.ASCII.GetBytes(string.Concat(digests)));
    }

    private static void Place(string path, byte[] bytes)
    {
        var temporary = path + ".tmp";
        File.WriteAllBytes(temporary, bytes);
        File.Move(temporary, path, overwrite: true);
    }

    private static void RefuseForeignFiles(string folder)
    {
        if (File.Exists(folder))
            throw new SurfaceException($"The images go into a folder; received the file '{folder}'. Name a new folder.");
        if (!Directory.Exists(folder))
            return;
        var own = Plan.Select(image => image.Path).Append(DigestFile)
            .SelectMany(path => new[] { path, path + ".tmp" })
            .ToHashSet(StringComparer.Ordinal);
        var foreign = Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
            .Where(path => !own.Contains(path))
            .Order(StringComparer.Ordinal)
            .FirstOrDefault();
        if (foreign is not null)
            throw new SurfaceException($"The folder must be new, empty or hold this set only; received '{folder}' with '{foreign}'. Name another folder.");
    }
}
