namespace MLNetTransfer.Backbones.Catalog;

/// <summary>What somebody meant who mistyped a name.</summary>
internal static class NearestNames
{
    private const int MostSuggested = 3;

    /// <summary>The entries with a name that is a few keystrokes away or contains what was typed, the nearest first; none when nothing is near.</summary>
    public static IReadOnlyList<CatalogEntry> Find(string typed, IEnumerable<CatalogEntry> entries) =>
    [
        .. (from entry in entries
            let distance = entry.Aliases.Prepend(entry.Name).Min(name => Distance(Plain(typed), Plain(name)))
            let isPart = Plain(typed).Length > 2 && Plain(entry.Name).Contains(Plain(typed), StringComparison.Ordinal)
            where isPart || distance <= Math.Max(1, typed.Length / 4)
            orderby isPart ? 0 : distance, entry.Name.Length
            select entry).Take(MostSuggested),
    ];

    // People mistype the separators of "resnet50-v2" before anything else.
    private static string Plain(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    /// <summary>The insertions, deletions and substitutions between two words (Levenshtein 1966).</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
