using System.Reflection;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>The adaptation methods of an assembly, found by themselves: every class that can be made without arguments.</summary>
public static class AdaptationCatalog
{
    /// <summary>The methods of this library, with their default hyper-parameters, in ordinal order of their names.</summary>
    public static IReadOnlyList<AdaptationMethod> Methods { get; } = In(typeof(AdaptationCatalog).Assembly);

    /// <summary>The methods of an assembly.</summary>
    public static IReadOnlyList<AdaptationMethod> In(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return [.. assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(AdaptationMethod)) && !type.IsAbstract && type.GetConstructor(Type.EmptyTypes) is not null)
            .Select(type => (AdaptationMethod)Activator.CreateInstance(type)!)
            .OrderBy(method => method.Name, StringComparer.Ordinal)];
    }

    /// <summary>The method of a name.</summary>
    /// <exception cref="TransferException">There is none; the message lists those there are.</exception>
    public static AdaptationMethod Find(string name) =>
        Methods.FirstOrDefault(method => method.Name == name)
        ?? throw new TransferException($"The adaptation methods are {string.Join(", ", Methods.Select(method => method.Name))}; received '{name}'. Choose one of them.");
}
