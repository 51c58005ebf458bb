using MLNetTransfer.Explanation;
using MLNetTransfer.Images;
using MLNetTransfer.Transfer;

namespace MLNetTransfer.Cli;

/// <summary>The pictures of <c>predict --explain</c>: what each prediction rests on, one file an image.</summary>
internal static class ExplanationFiles
{
    /// <summary>Makes the folder and checks that it takes files, before any work.</summary>
    /// <exception cref="TransferException">It cannot be made or written to.</exception>
    public static void Require(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new TransferException($"Explanations are written into a folder; '{folder}' cannot be one: {fault.Message} Choose another folder.", fault);
        }
        OutputFiles.Require([], Path.Combine(folder, "NAME.explain.png"));
    }

    /// <summary>Explains every image that was predicted.</summary>
    /// <returns>The file of each image in the order of the outcomes, null for one without; and the predicted images that could not be drawn, with the reason.</returns>
    public static (IReadOnlyList<string?> Files, IReadOnlyList<SkippedImage> Skipped) Write(
        Func<string, ImageExplanation> explain, IReadOnlyList<ImageOutcome> outcomes, string folder, IProgress<int> progress, CancellationToken cancellation)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var (files, skipped) = (new string?[outcomes.Count], new List<SkippedImage>());
        for (var i = 0; i < files.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (outcomes[i].IsPredicted)
                try
                {
                    var explanation = explain(outcomes[i].Path);
                    var file = Path.Combine(folder, Unused(taken, Path.GetFileNameWithoutExtension(outcomes[i].Path)) + ".explain.png");
                    explanation.SavePng(file);
                    files[i] = file;
                }
                catch (ImageException fault)
                {
                    skipped.Add(new SkippedImage(fault.Path, $"was predicted but not explained: it {fault.Reason}"));
                }
            progress.Report(i + 1);
        }
        return (files, skipped);
    }

    /// <summary>The name, or with the first number that makes it new: folders may hold images of equal names.</summary>
    private static string Unused(HashSet<string> taken, string name)
    {
        var candidate = name;
        for (var i = 2; !taken.Add(candidate); i++)
            candidate = FormattableString.Invariant($"{name}-{i}");
        return candidate;
    }
}
