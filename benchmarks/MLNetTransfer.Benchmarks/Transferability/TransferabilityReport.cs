using System.Globalization;
using System.Text;

namespace MLNetTransfer.Benchmarks.Transferability;

/// <summary>The tables of the experiment in Markdown, written between two marks of a page whose prose is somebody's own.</summary>
internal sealed class TransferabilityReport(Findings findings)
{
    private const string Begin = "<!-- results: written by the command above -->";
    private const string End = "<!-- end of results -->";

    private static readonly Arm[] Arms = [Arm.SelfFrozen, Arm.SelfTuned, Arm.TransferFrozen, Arm.TransferTuned, Arm.RandomFrozen];
    private readonly StringBuilder _text = new();

    /// <summary>Puts the tables into a page, in the place of those it has; behind the page where it has none.</summary>
    public string Into(string page)
    {
        var (begin, end) = (page.IndexOf(Begin, StringComparison.Ordinal), page.IndexOf(End, StringComparison.Ordinal));
        return begin >= 0 && end > begin
            ? string.Concat(page.AsSpan(0, begin), $"{Begin}\n{ToMarkdown()}", page.AsSpan(end))
            : $"{page}\n{Begin}\n{ToMarkdown()}{End}\n";
    }

    private string ToMarkdown()
    {
        _text.Clear();
        Similarity[] similarities = [.. findings.Splits.Select(split => split.Similarity).Distinct()];
        Add($"Plan: {findings.Plan}. Chance is {findings.Chance:.000}.");
        foreach (var similarity in similarities)
            Accuracies(similarity);
        Add($"");
        Add($"The shapes, as numbers that are above 0 where they hold, in points of accuracy; mean ± standard error over splits. *Yes* and *opposite* are told from 0 at the 95 % level (Student's t).");
        Add($"");
        Add($"| shape | measure |{string.Concat(similarities.Select(similarity => $" {Lower(similarity)} |"))} mean of both | reproduced |");
        Add($"| --- | --- |{string.Concat(similarities.Select(_ => " ---: |"))} ---: | --- |");
        foreach (var shape in Shape.All)
        {
            var each = similarities.Select(similarity => (1.0 / similarities.Length, findings.Over(similarity, shape.Combine))).ToArray();
            var all = Contrast.Sum(each);
            Add($"| {shape.Name} | {shape.Measure} |{string.Concat(each.Select(of => $" {Points(of.Item2)} |"))} {Points(all)} | {Verdict(all.Sign)} |");
        }

        if (similarities.Length == 2)
        {
            var (similar, dissimilar) = (findings.Over(Similarity.Similar, Loss), findings.Over(Similarity.Dissimilar, Loss));
            var difference = Contrast.Sum((1, dissimilar), (-1, similar));
            Add($"| transfer falls faster for dissimilar tasks | share of base B's accuracy beyond chance that A1B to A6B lose, % | {Points(similar)} | {Points(dissimilar)} | {Points(difference)} (difference) | {Verdict(difference.Sign)} |");
        }

        return _text.ToString();

        double Loss(Func<Arm, int, double> of) => Shape.Loss(of, findings.Chance);
    }

    private void Accuracies(Similarity similarity)
    {
        var splits = findings.Splits.Where(split => split.Similarity == similarity).ToArray();
        Add($"");
        Add($"**{(similarity == Similarity.Similar ? "Similar tasks" : "Dissimilar tasks")}**, {splits.Length} {(splits.Length == 1 ? "split" : "splits")}. Base A {Plain(Arm.BaseA)}, base B {Plain(Arm.BaseB)}, base B trained twice as long {Plain(Arm.BaseTwice)}.");
        Add($"Differences from base B of the same split, in points of accuracy; mean ± standard error over splits.");
        Add($"");
        Add($"| n | BnB | BnB+ | AnB | AnB+ | RnB |");
        Add($"| ---: | ---: | ---: | ---: | ---: | ---: |");
        for (var layers = 1; layers <= CutNetwork.Layers; layers++)
        {
            var cells = Arms.Select(arm => Findings.Cuts(arm).Contains(layers) ? Points(findings.AboveBase(similarity, arm, layers)) : "");
            Add($"| {layers} | {string.Join(" | ", cells)} |");
        }

        string Plain(Arm arm)
        {
            var contrast = findings.Accuracy(similarity, arm);
            return string.Create(CultureInfo.InvariantCulture, $"{contrast.Mean:.000}{Error(contrast.StandardError, ".000")}");
        }
    }

    private static string Points(Contrast contrast) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * contrast.Mean:+0.0;-0.0;0.0}{Error(100 * contrast.StandardError, "0.0")}");

    private static string Error(double error, string format) => double.IsFinite(error) ? $" ± {error.ToString(format, CultureInfo.InvariantCulture)}" : "";

    private static string Verdict(int sign) => sign switch { > 0 => "yes", < 0 => "no: the opposite", _ => "not told from 0" };

    private static string Lower(Similarity similarity) => similarity == Similarity.Similar ? "similar" : "dissimilar";

    private void Add(FormattableString line) => _text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
