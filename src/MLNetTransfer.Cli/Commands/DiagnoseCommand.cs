using System.CommandLine;
using MLNetTransfer.Backbones;
using MLNetTransfer.Diagnosis;
using MLNetTransfer.Domains;
using MLNetTransfer.Images;
using MLNetTransfer.Reporting;

namespace MLNetTransfer.Cli.Commands;

/// <summary><c>diagnose</c>: in what do the photos a model learns from and those it will meet differ, and what to do about it.</summary>
internal static class DiagnoseCommand
{
    public static Command Create(Terminal terminal)
    {
        var (backbone, cut, seed, json, report) = (SharedOptions.Backbone(), SharedOptions.Cut(), SharedOptions.Seed(), SharedOptions.Json(), SharedOptions.Report());
        var source = new Option<string>("--source") { Required = true, HelpName = "DIR", Description = "The labelled photos: a folder with one sub-folder per class, or a manifest." };
        var target = new Option<string>("--target") { Required = true, HelpName = "DIR", Description = "Photos like those the model will meet. Folders of classes, or a manifest, are taken as labels." };
        var unlabelled = new Option<bool>("--unlabelled") { Description = "The folders of the target are no classes." };
        var noCache = UserFeatureCache.Option();
        cut.HelpName = "NAME|last";
        cut.Description = "The cut whose features are compared.";
        var command = new Command("diagnose", "Tell in what the photos a model learns from and those it will meet differ, and what to do about it.")
        {
            source, target, unlabelled, backbone, cut, seed, noCache, report, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var (sourcePath, targetPath) = (parsed.GetRequiredValue(source), parsed.GetRequiredValue(target));
            OutputFiles.Require([sourcePath, targetPath, parsed.GetValue(backbone)], parsed.GetValue(report));
            if (parsed.GetValue(cut) == Cut.Auto)
                throw new TransferException($"Domains are compared at one cut; received '{Cut.Auto}'. Name one, or leave it out.");
            var sourceDomain = LabeledDomain.Read(sourcePath, sourcePath);
            ImageDomain targetDomain = parsed.GetValue(unlabelled) || !HasClasses(targetPath, sourceDomain.Images.Classes)
                ? UnlabeledDomain.Read(targetPath, targetPath) : LabeledDomain.Read(targetPath, targetPath);
            using var cache = UserFeatureCache.Open(parsed, noCache);
            var options = new DiagnosisOptions
            {
                Backbone = SharedOptions.Resolve(parsed.GetValue(backbone)!),
                Cut = parsed.GetValue(cut)!,
                Seed = parsed.GetValue(seed),
                Cache = cache.Cache,
            };
            var total = DomainDiagnosis.ImagesToRead(sourceDomain, targetDomain, options);
            var result = terminal.WithProgress("reading images", total, progress => DomainDiagnosis.Run(sourceDomain, targetDomain, options, progress, cancellation));
            cache.Report(terminal);
            SharedOptions.Warn(terminal, options.Backbone, []);
            var commandLine = DiagnosisAdvice.CommandFor(result.Scenario, sourcePath, targetPath);
            if (parsed.GetValue(report) is { } file)
                HtmlReport.Write(file, DiagnosisTable.ForReport(result, sourcePath, targetPath, commandLine, options));
            terminal.ListSkipped(result.Skipped);
            if (parsed.GetValue(json))
            {
                terminal.WriteJson(writer =>
                {
                    DiagnosisJson.Write(writer, result);
                    writer.WriteString("command", commandLine);
                    EvaluationTable.WriteSkipped(writer, result.Skipped);
                });
            }
            else
            {
                DiagnosisTable.Print(terminal, result, commandLine);
            }

            return Task.FromResult(result.Skipped.Count > 0 ? ExitCode.SomeSkipped : ExitCode.Done);
        });
        return command;
    }

    /// <summary>A manifest has classes; so has a folder of several folders, or of one that is called like a class of the source.</summary>
    private static bool HasClasses(string path, IReadOnlyList<string> sourceClasses)
    {
        if (!Directory.Exists(path))
            return ImageFiles.Find([path]) is [var file] && Path.GetExtension(file).ToUpperInvariant() is ".CSV" or ".TSV" or ".TAB" or ".TXT";
        string[] folders = [.. Directory.EnumerateDirectories(path).Select(folder => Path.GetFileName(folder)).Where(name => !name.StartsWith('.') && name != "__MACOSX")];
        return folders.Length > 1 || folders.Any(sourceClasses.Contains);
    }
}
