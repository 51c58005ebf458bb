namespace MLNetTransfer.Diagnosis;

/// <summary>Which classes the domains have in common. Immutable.</summary>
public sealed class ClassEvidence
{
    internal ClassEvidence(IReadOnlyList<string> source, IReadOnlyList<string>? target)
    {
        IsTargetLabeled = target is not null;
        Common = [.. source.Where(name => target?.Contains(name) ?? false)];
        SourceOnly = target is null ? [] : [.. source.Except(target)];
        TargetOnly = target is null ? [] : [.. target.Except(source)];
    }

    /// <summary>Whether the target has labels. Without them the three lists are empty.</summary>
    public bool IsTargetLabeled { get; }

    /// <summary>Classes of both, in ordinal order.</summary>
    public IReadOnlyList<string> Common { get; }

    /// <summary>Classes of the source alone.</summary>
    public IReadOnlyList<string> SourceOnly { get; }

    /// <summary>Classes of the target alone: what the source knows nothing about.</summary>
    public IReadOnlyList<string> TargetOnly { get; }
}
