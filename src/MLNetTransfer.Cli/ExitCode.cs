namespace MLNetTransfer.Cli;

/// <summary>What the exit code tells scripts; part of the console contract.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>A gate was not met.</summary>
    public const int GateNotMet = 1;

    /// <summary>Bad usage or input; nothing was written.</summary>
    public const int BadInput = 2;

    /// <summary>Done, but some images could not be read; each was named with its reason.</summary>
    public const int SomeSkipped = 3;

    /// <summary>Stopped by the user; nothing was half-written.</summary>
    public const int Cancelled = 130;
}
