using System.Text.RegularExpressions;

namespace MLNetTransfer.Tests.Architecture;

/// <summary>The folders of the core assembly and their order: a room knows only rooms of a lower rank, and equal ranks do not know each other.</summary>
internal static partial class Rooms
{
    private const string Root = "MLNetTransfer";

    /// <summary>A room that is not listed has no rank: give it one here.</summary>
    private static readonly Dictionary<string, int> Ranks = new()
    {
        [""] = -1,
        ["Images"] = 0,
        ["Domains"] = 1,
        ["Backbones"] = 1,
        ["Evaluation"] = 1,
        ["Bottlenecks"] = 2,
        ["Heads"] = 2,
        ["Diagnosis"] = 3,
        ["Transfer"] = 3,
        ["Explanation"] = 4,
        ["Reporting"] = 5,
    };

    /// <summary>What the sources break of the order, one sentence a breach.</summary>
    /// <param name="sources">Path below src/MLNetTransfer, with forward slashes, and text of each source.</param>
    public static IEnumerable<string> Breaches(IEnumerable<(string Path, string Text)> sources)
    {
        foreach (var (path, text) in sources)
        {
            var folder = path.Contains('/') ? path[..path.IndexOf('/')] : "";
            if (!Ranks.TryGetValue(folder, out var rank))
            {
                yield return $"{path}: the folder '{folder}' has no rank.";
                continue;
            }
            var code = Comments().Replace(text, "");
            if (GlobalUsings().IsMatch(code))
                yield return $"{path}: a global using hides which rooms a file knows.";
            foreach (var known in Known(code).Distinct().Where(known => known != folder))
                if (!Ranks.TryGetValue(known, out var other))
                    yield return $"{path}: the room '{known}' has no rank.";
                else if (other >= rank)
                    yield return $"{path}: '{(folder == "" ? Root : folder)}' (rank {rank}) knows '{known}' (rank {other}).";
        }
    }

    /// <summary>The rooms that using lines, full names and names relative to the root namespace (<c>Images.ImageSet</c>) mention.</summary>
    private static IEnumerable<string> Known(string code) =>
        FullNames().Matches(code).Select(match => match.Groups[1].Value)
            .Concat(RelativeNames().Matches(code).Select(match => match.Groups[1].Value).Where(Ranks.ContainsKey));

    [GeneratedRegex(@"//.*|/\*[\s\S]*?\*/")]
    private static partial Regex Comments();

    [GeneratedRegex(@"^\s*global\s+using", RegexOptions.Multiline)]
    private static partial Regex GlobalUsings();

    [GeneratedRegex(@"(?<![\w.""])MLNetTransfer\.([A-Z]\w*)")]
    private static partial Regex FullNames();

    [GeneratedRegex(@"(?<![\w.""])([A-Z]\w+)\.[A-Z]")]
    private static partial Regex RelativeNames();
}
