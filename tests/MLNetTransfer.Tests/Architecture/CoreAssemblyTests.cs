using System.Reflection;
using System.Text.Json;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Tests.Architecture;

/// <summary>What holds for the core assembly as it is compiled.</summary>
public sealed class CoreAssemblyTests
{
    private static readonly Assembly Core = typeof(TransferTrainer).Assembly;

    public static TheoryData<string> PublicTypes => [.. Core.GetExportedTypes().Select(type => type.FullName!)];

    [Theory]
    [MemberData(nameof(PublicTypes))]
    public void PublicTypes_ThatCanBeInherited_AreMeantToBe(string name)
    {
        var type = Core.GetType(name, throwOnError: true)!;

        Assert.True(type.IsSealed || type.IsAbstract || typeof(Exception).IsAssignableFrom(type), $"{name} is neither sealed, static, abstract nor an exception.");
    }

    [Theory]
    [MemberData(nameof(PublicTypes))]
    public void PublicTypes_OfTheCore_AreInARoomAndHaveAFile(string name)
    {
        var type = Core.GetType(name, throwOnError: true)!;

        Assert.False(type.IsNested, $"{name} is public inside another type.");
        var folders = type.Namespace!.Split('.')[1..];
        var file = string.Join('/', folders.Append($"{type.Name.Split('`')[0]}.cs"));
        Assert.Contains(file, Sources.OfProject("MLNetTransfer").Select(source => source.Path));
    }

    [Fact]
    public void References_OfTheCore_NameNoTrainingFramework() =>
        Assert.DoesNotContain(Core.GetReferencedAssemblies(), reference => IsTrainingFramework(reference.Name!));

    // The dependencies of this test project are those of the core and of the test framework: what a serving application would ship.
    [Fact]
    public void Dependencies_OfTheCore_HoldNoTrainingFramework()
    {
        using var dependencies = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "MLNetTransfer.Tests.deps.json")));
        var libraries = dependencies.RootElement.GetProperty("libraries").EnumerateObject().Select(library => library.Name).ToArray();

        Assert.Contains(libraries, library => library.StartsWith("Microsoft.ML.OnnxRuntime/", StringComparison.Ordinal));
        Assert.DoesNotContain(libraries, IsTrainingFramework);
    }

    private static bool IsTrainingFramework(string name) =>
        name.Contains("torch", StringComparison.OrdinalIgnoreCase) || name.Contains("tensorflow", StringComparison.OrdinalIgnoreCase);
}
