using System.Text.RegularExpressions;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Tests.Architecture;

/// <summary>Every C# snippet of the README is a run of lines of a sample, so that the build compiles it.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Repository.Path("README.md"));

    public static TheoryData<string> Snippets => [.. CSharpBlocks().Matches(Readme).Select(match => match.Groups[1].Value)];

    [Theory]
    [MemberData(nameof(Snippets))]
    public void Snippets_OfTheReadme_AreCompiledInASample(string snippet)
    {
        var samples = Directory.EnumerateFiles(Repository.Path("samples"), "Program.cs", SearchOption.AllDirectories);

        Assert.Contains(samples, sample => Normalised(File.ReadAllText(sample)).Contains(Normalised(snippet), StringComparison.Ordinal));
    }

    [Fact]
    public void Code_OfTheReadme_StartsByLineTen() =>
        Assert.InRange(Readme.Split('\n').ToList().FindIndex(line => line == "```csharp") + 2, 2, 10);

    [Fact]
    public void Files_ThatTheReadmeLinksTo_Exist() =>
        Assert.All(Links().Matches(Readme).Select(match => match.Groups[1].Value), link => Assert.True(Path.Exists(Repository.Path(link)), $"{link} does not exist."));

    private static string Normalised(string code) =>
        string.Join('\n', code.Split('\n').Select(line => Spaces().Replace(line.Trim(), " ")).Where(line => line.Length > 0)) + "\n";

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharpBlocks();

    [GeneratedRegex(@"\]\((?!https?:|#)([^)#]+)")]
    private static partial Regex Links();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
