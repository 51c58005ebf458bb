using System.CommandLine;
using MLNetTransfer.Bottlenecks;

namespace MLNetTransfer.Cli;

/// <summary>The user's feature cache while one command runs. What it has to say waits until no progress bar is in the way.</summary>
internal sealed class UserFeatureCache : IDisposable
{
    private readonly List<string> _warnings = [];

    private UserFeatureCache(bool none)
    {
        if (none)
            return;
        try
        {
            Cache = new FeatureCache(UserCache.Folder, Warn);
        }
        catch (TransferException fault)
        {
            // A user without a folder can still do without a cache.
            Warn($"No feature is kept. {fault.Message}");
        }
    }

    /// <summary>Null when there is none.</summary>
    public FeatureCache? Cache { get; }

    /// <summary>The option that does without.</summary>
    public static Option<bool> Option() => new("--no-cache")
    {
        Description = $"Look no feature up and keep none. The cache is features.db in the folder {UserCache.Variable} names, else in 'mlnettransfer' among your local application data.",
    };

    public static UserFeatureCache Open(ParseResult parsed, Option<bool> none) => new(parsed.GetValue(none));

    /// <summary>Says what went wrong with the cache, and what it saved.</summary>
    public void Report(Terminal terminal)
    {
        lock (_warnings)
            foreach (var warning in _warnings)
                terminal.Say(warning);
        if (Cache is { Found: > 0 })
            terminal.Say(FormattableString.Invariant($"features: {Cache.Found} from the cache, {Cache.Added} computed"));
    }

    public void Dispose() => Cache?.Dispose();

    private void Warn(string warning)
    {
        lock (_warnings)
            _warnings.Add(warning);
    }
}
