using System.Text;
using MLNetTransfer.Images;

namespace MLNetTransfer.Backbones.Catalog;

/// <summary>
/// The backbones known by name: one JSON file each in models/catalog, found by themselves when the library is built. Nothing here downloads
/// anything: see <see cref="BackboneFetcher"/>.
/// </summary>
public static class BackboneCatalog
{
    private const string ResourceFolder = "catalog/";
    private static readonly Lazy<IReadOnlyList<CatalogEntry>> LazyEntries = new(ReadEntries);

    /// <summary>All backbones, the embedded one first, then in ordinal order of their names.</summary>
    public static IReadOnlyList<CatalogEntry> Entries => LazyEntries.Value;

    /// <summary>The backbone of a name or an alias.</summary>
    /// <exception cref="TransferException">There is none; the message lists the nearest names.</exception>
    public static CatalogEntry Find(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Entries.FirstOrDefault(entry => entry.IsCalled(name))
            ?? throw new TransferException(
                $"A backbone of the catalog is one of {string.Join(", ", Entries.Select(entry => entry.Name))}; received '{name}'.{Suggest(name)}");
    }

    /// <summary>Loads a backbone by its name or alias: the embedded one, or one that was fetched before, verified.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cacheFolder">The folder that backbones are fetched to.</param>
    /// <exception cref="TransferException">There is none of that name, it was not fetched, its file is damaged, or it must be imported first.</exception>
    public static Backbone Load(string name, string cacheFolder) => Load(Find(name), cacheFolder);

    /// <summary>Loads a backbone of this catalog or of one's own: see <see cref="Load(string, string)"/>.</summary>
    /// <exception cref="TransferException">It was not fetched, its file is damaged, or it must be imported first.</exception>
    public static Backbone Load(CatalogEntry entry, string cacheFolder)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Embedded)
            return Backbone.Embedded;
        var cached = new CachedFile(entry, cacheFolder);
        var onnx = cached.ReadVerified();
        if (entry.Format == BackboneFormat.TensorFlowMeta)
            throw new TransferException(
                $"A TensorFlow graph is imported before it is used; {entry.Name} is one. Import it with " +
                $"'mlnettransfer backbones import \"{cached.Path}\" --out {entry.Name}.onnx' and name that file.");
        return Backbone.FromBytes(onnx, Describe(entry), cached.Path);
    }

    /// <summary>The path that the file of a backbone has in the cache, whether it is there or not.</summary>
    public static string PathOf(CatalogEntry entry, string cacheFolder)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new CachedFile(entry, cacheFolder).Path;
    }

    /// <summary>Whether a backbone can be used at once. Looks at the length of the file alone.</summary>
    public static CacheState StateOf(CatalogEntry entry, string cacheFolder)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Embedded)
            return CacheState.Embedded;
        var file = new FileInfo(PathOf(entry, cacheFolder));
        return !file.Exists ? CacheState.NotFetched : entry.Bytes is { } bytes && file.Length != bytes ? CacheState.Damaged : CacheState.Fetched;
    }

    /// <summary>" Did you mean A or B?" after a name that is in no catalog; empty when no name is near.</summary>
    public static string Suggest(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var near = NearestNames.Find(name, Entries).Select(entry => $"'{entry.Name}'").ToArray();
        return near.Length == 0 ? "" : $" Did you mean {(near.Length == 1 ? "" : string.Join(", ", near[..^1]) + " or ")}{near[^1]}?";
    }

    private static BackboneDescription Describe(CatalogEntry entry) => new()
    {
        Name = entry.Name,
        Licence = entry.Licence,
        // The layout of the file's own input is the graph's business: pictures are always made channels first.
        Preprocessing = entry.Preprocessing with { Layout = TensorLayout.Nchw },
        Cuts = entry.Cuts,
    };

    private static IReadOnlyList<CatalogEntry> ReadEntries()
    {
        var assembly = typeof(BackboneCatalog).Assembly;
        return
        [
            .. assembly.GetManifestResourceNames().Where(name => name.StartsWith(ResourceFolder, StringComparison.Ordinal)).Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
                return CatalogEntry.FromJson(reader.ReadToEnd(), name);
            }).OrderBy(entry => !entry.Embedded).ThenBy(entry => entry.Name, StringComparer.Ordinal),
        ];
    }
}
