using MLNetTransfer.Diagnosis;

namespace MLNetTransfer.Cli;

/// <summary>What to type next.</summary>
internal static class DiagnosisAdvice
{
    /// <summary>The command that follows from a scenario.</summary>
    public static string CommandFor(Scenario scenario, string source, string target) => scenario switch
    {
        Scenario.TaskTransfer => $"mlnettransfer train --data {Quoted(target)} --out model.zip",
        Scenario.DomainAdaptation or Scenario.FeatureSpace => $"mlnettransfer adapt --source {Quoted(source)} --target {Quoted(target)} --method auto --out model.zip",
        // Until more images settle it, the plain way is the one without assumptions.
        _ => $"mlnettransfer train --data {Quoted(source)} --out model.zip",
    };

    private static string Quoted(string path) => path.Any(c => !(char.IsLetterOrDigit(c) || c is '/' or '\\' or '.' or '-' or '_' or ':'))
        ? $"\"{path}\"" : path;
}
