using System.Text.RegularExpressions;

namespace MLNetTransfer.Tests.Architecture;

/// <summary>One public type a file, file name = type name, namespace = folder, and no file of two ideas: for all projects under src/.</summary>
public sealed partial class SourceLayoutTests
{
    private const int MostLines = 300;

    public static TheoryData<string> Projects => [.. Sources.Projects];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Sources_OfAProject_AreLaidOutAsNamed(string project) =>
        Assert.Empty(Sources.OfProject(project).Where(source => source.Path != "Program.cs").SelectMany(source => Faults(project, source.Path, source.Text)));

    [Theory]
    [InlineData("Images/A.cs", "namespace P.Images;\n\npublic sealed class B { }\n", "Images/A.cs declares 'B', not 'A'.")]
    [InlineData("Images/A.cs", "namespace P.Images;\n\npublic enum A { }\n\npublic readonly record struct B(int C);\n", "Images/A.cs declares 2 public types: A, B.")]
    [InlineData("Images/A.cs", "namespace P;\n\ninternal static class A { }\n", "Images/A.cs is in the namespace 'P', not 'P.Images'.")]
    public void Faults_AFileOutOfPlace_IsReported(string path, string text, string fault) =>
        Assert.Equal([fault], Faults("P", path, text));

    [Fact]
    public void Faults_ALongFile_IsReported() =>
        Assert.Equal([$"A.cs has 302 lines; {MostLines} are the limit."], Faults("P", "A.cs", "namespace P;\n\nclass A;" + new string('\n', MostLines)));

    private static IEnumerable<string> Faults(string project, string path, string text)
    {
        var expected = string.Join('.', path.Split('/')[..^1].Prepend(project));
        var actual = Namespaces().Match(text).Groups[1].Value;
        if (actual != expected)
            yield return $"{path} is in the namespace '{actual}', not '{expected}'.";
        var types = Types().Matches(text).Select(match => (IsPublic: match.Groups[1].Success, Name: match.Groups[2].Value)).ToArray();
        var open = types.Where(type => type.IsPublic).Select(type => type.Name).ToArray();
        var name = Path.GetFileNameWithoutExtension(path);
        if (open.Length > 1)
            yield return $"{path} declares {open.Length} public types: {string.Join(", ", open)}.";
        else if (!types.Any(type => type.Name == name && (type.IsPublic || open.Length == 0)))
            yield return $"{path} declares '{string.Join(", ", types.Select(type => type.Name))}', not '{name}'.";
        if (text.Count(c => c == '\n') is > MostLines and var lines)
            yield return $"{path} has {lines} lines; {MostLines} are the limit.";
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespaces();

    // Types of the namespace start a line: nested ones are indented.
    [GeneratedRegex(@"^(?:(public)|internal|file)? ?(?:(?:static|sealed|abstract|partial|readonly|ref|unsafe) )*(?:class|record struct|record class|record|struct|interface|enum|delegate [\w<>\[\]?]+) (\w+)",
        RegexOptions.Multiline)]
    private static partial Regex Types();
}
