namespace MLNetTransfer.Cli;

/// <summary>Where files of the user that can be had again are kept: fetched backbones, computed features.</summary>
internal static class UserCache
{
    /// <summary>The environment variable that moves the folder.</summary>
    public const string Variable = "MLNETTRANSFER_CACHE";

    /// <summary>The full path of the folder; not there until something is written to it.</summary>
    /// <exception cref="TransferException">The variable is not set and the user has no folder for local application data.</exception>
    public static string Folder =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? Path.GetFullPath(folder)
        : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } data
            ? Path.Combine(data, "mlnettransfer")
        : throw new TransferException(
            $"Fetched backbones and computed features are kept in a folder of the user; this user has none. Name one in the environment variable {Variable}.");
}
