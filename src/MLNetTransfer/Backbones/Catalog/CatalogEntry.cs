using System.Text.Json;
using MLNetTransfer.Images;

namespace MLNetTransfer.Backbones.Catalog;

/// <summary>
/// One backbone of the catalog: where its file is had, how the file is known to be the right one, and how pictures are fed to it. The text is
/// a JSON object with the same names in camel case; unknown, duplicate and missing ones are errors.
/// </summary>
public sealed class CatalogEntry
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Strict) { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>What a user types: lower-case letters, digits, '.' and '-'.</summary>
    public required string Name { get; init; }

    /// <summary>Other names for it. Default: none.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The network as its authors call it.</summary>
    public required string Title { get; init; }

    /// <summary>What kind of file it is.</summary>
    public required BackboneFormat Format { get; init; }

    /// <summary>Whether it comes with the library and is never fetched. Default: no.</summary>
    public bool Embedded { get; init; }

    /// <summary>The name of the file, without folders.</summary>
    public required string File { get; init; }

    /// <summary>The length of the file, 1 or more; null when its publisher does not state it.</summary>
    public long? Bytes { get; init; }

    /// <summary>The SHA-256 of the file in lower-case hexadecimal; null when its publisher does not state it.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The licence of the weights, such as an SPDX identifier; "not stated" when the publisher names none.</summary>
    public required string Licence { get; init; }

    /// <summary>The https addresses of the file, tried in this order; none when it is embedded.</summary>
    public required IReadOnlyList<string> Mirrors { get; init; }

    /// <summary>The name of the graph's input.</summary>
    public required string Input { get; init; }

    /// <summary>The number of features an image has at the default cut, 1 or more.</summary>
    public required int Features { get; init; }

    /// <summary>How a picture becomes the input; the layout nhwc says that the graph takes channels last.</summary>
    public required Preprocessing Preprocessing { get; init; }

    /// <summary>Where it can be cut. Default: at the pooled features that feed the classifier.</summary>
    public IReadOnlyList<CutDescription> Cuts { get; init; } = [];

    /// <summary>Where the facts of this entry were published.</summary>
    public required string Source { get; init; }

    /// <summary>What is not certain about this entry, in a sentence; null when nothing is.</summary>
    public string? Caution { get; init; }

    /// <summary>Reads the text of an entry.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">What to call it in messages, usually its path.</param>
    /// <exception cref="TransferException">It is not a valid entry; the message says where.</exception>
    public static CatalogEntry FromJson(string json, string source)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            var entry = JsonSerializer.Deserialize<CatalogEntry>(json, Json) ?? throw new JsonException("It is null.");
            if (entry.Faults().FirstOrDefault() is { } fault)
                throw new JsonException(fault);
            return entry;
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            throw new TransferException($"An entry of the catalog of backbones is a JSON object as docs of CatalogEntry describe it; in '{source}': {error.Message}", error);
        }
    }

    /// <summary>Whether this is one of its names; upper and lower case are the same.</summary>
    public bool IsCalled(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase) || Aliases.Contains(name, StringComparer.OrdinalIgnoreCase);

    internal static bool IsSha256(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Whether a file of this name is written below the cache folder: nothing may lead out of it.</summary>
    internal static bool IsPlainFile(string file) =>
        !string.IsNullOrEmpty(file) && !file.StartsWith('.') && file.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    private IEnumerable<string> Faults()
    {
        foreach (var name in Aliases.Prepend(Name))
            if (string.IsNullOrEmpty(name) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
                yield return $"a name is letters, digits, '.', '-' and '_'; received '{name}'.";
        if (Name.Any(char.IsAsciiLetterUpper))
            yield return $"the name is in lower case; received '{Name}'.";
        if (!IsPlainFile(File))
            yield return $"a file is a name of letters, digits, '.', '-' and '_', without folders; received '{File}'.";
        if (Bytes is < 1)
            yield return FormattableString.Invariant($"bytes are 1 or more; received {Bytes}.");
        if (Sha256 is not null && !IsSha256(Sha256))
            yield return $"a sha256 is 64 lower-case hexadecimal digits; received '{Sha256}'.";
        if (Features < 1)
            yield return FormattableString.Invariant($"features are 1 or more; received {Features}.");
        if (Mirrors.Count == 0 != Embedded)
            yield return "a backbone has one or more mirrors, or is embedded.";
        if (Mirrors.FirstOrDefault(mirror => !Uri.TryCreate(mirror, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps) is { } other)
            yield return $"a mirror is an https address; received '{other}'.";
        if (new[] { Title, Licence, Input, Source }.Any(string.IsNullOrWhiteSpace))
            yield return "title, licence, input and source are not empty.";
    }
}
