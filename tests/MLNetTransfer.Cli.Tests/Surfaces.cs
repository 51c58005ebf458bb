using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Cli.Tests;

/// <summary>A few of the embedded photos: cracked and intact concrete.</summary>
internal static class Surfaces
{
    public static string[] Classes { get; } = ["cracked", "intact"];

    /// <summary>Copies the first photos of each class, FOLDER/CLASS/001.jpg and so on.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="ofEachClass">How many, up to 150.</param>
    /// <param name="skip">How many are left out before them.</param>
    public static string Write(string folder, int ofEachClass, int skip = 0)
    {
        foreach (var name in Classes)
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
            foreach (var number in Enumerable.Range(skip + 1, ofEachClass).Select(i => FormattableString.Invariant($"{i:000}.jpg")))
                File.Copy(Repository.Path("data", "surfaces", "concrete", name, number), Path.Combine(folder, name, number));
        }
        return folder;
    }
}
