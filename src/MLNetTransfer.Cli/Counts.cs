using System.Globalization;

namespace MLNetTransfer.Cli;

/// <summary>How large counts are written for people.</summary>
internal static class Counts
{
    /// <summary>Three digits and a unit.</summary>
    public static string Short(long count) => count switch
    {
        < 1_000 => count.ToString(CultureInfo.InvariantCulture),
        < 999_500 => Digits(count / 1e3) + " k",
        < 999_500_000 => Digits(count / 1e6) + " M",
        _ => Digits(count / 1e9) + " G",
    };

    private static string Digits(double value) => value.ToString(value < 9.995 ? "0.00" : value < 99.95 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
