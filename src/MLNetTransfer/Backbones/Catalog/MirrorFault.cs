namespace MLNetTransfer.Backbones.Catalog;

/// <summary>One attempt at one mirror failed.</summary>
/// <param name="reason">Why, as <see cref="MirrorFailure.Reason"/> says it.</param>
/// <param name="canRetry">Whether the same request may succeed later.</param>
/// <param name="retryAfter">When, if the mirror says so.</param>
internal sealed class MirrorFault(string reason, bool canRetry, TimeSpan? retryAfter = null) : Exception(Printable(reason))
{
    public bool CanRetry => canRetry;

    public TimeSpan? RetryAfter => retryAfter;

    // Part of the reason is what a server said: it does not get to steer the terminal.
    private static string Printable(string reason) => string.Concat(reason.Select(c => char.IsControl(c) ? ' ' : c));
}
