using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using MLNetTransfer.Backbones;
using MLNetTransfer.TestSupport;

namespace MLNetTransfer.Cli.Tests.Commands;

public sealed class DemoCommandTests
{
    [Fact]
    public async Task Demo_RealProgram_TransfersWellAndBeatsRandomWeights()
    {
        Assert.SkipUnless(typeof(Backbone).Assembly.GetManifestResourceNames().Contains("formula-resnet.onnx"),
            "models/formula-resnet.onnx was not there when the library was built.");
        using var folder = new TemporaryFolder();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "MLNetTransfer.Cli.dll"), "demo"])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal("", await error);
        Assert.Equal(0, process.ExitCode);
        var accuracies = Regex.Match(output, @"^ *accuracy +([\d.]+) +([\d.]+) *$", RegexOptions.Multiline);
        Assert.True(accuracies.Success, output);
        var (pretrained, random) = (Share(accuracies.Groups[1]), Share(accuracies.Groups[2]));
        Assert.InRange(pretrained, 0.95, 1);
        Assert.InRange(pretrained - random, 0.05, 1);
        Assert.Contains("mlnettransfer train --data", output);
        var files = Directory.GetFiles(Path.Combine(folder.Path, "mlnettransfer-demo")).Select(path => Path.GetFileName(path));
        Assert.Equal(["model.card.json", "model.zip", "report.html"], files.Order(StringComparer.Ordinal));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    private static double Share(Group group) => double.Parse(group.Value, CultureInfo.InvariantCulture);
}
