using System.Globalization;
using System.Text;

namespace MLNetTransfer.Benchmarks.Transferability;

/// <summary>
/// The figure of the experiment as a file of its own: for each similarity a panel, accuracy above base B against layers taken over; lines are means over
/// splits, bands one standard error, the dotted line is the control.
/// </summary>
internal sealed class TransferabilityPlot(Findings findings)
{
    private const double Left = 66, Top = 48, PanelWidth = 360, PanelHeight = 300, Gap = 40, Width = Left + (2 * PanelWidth) + Gap + 20, Height = 452;

    private static readonly (Arm Arm, string Colour, string Dash, string Text)[] Lines =
    [
        (Arm.SelfFrozen, "#0072b2", "", "BnB: own layers, frozen"),
        (Arm.SelfTuned, "#0072b2", "6 4", "BnB+: own layers, tuned"),
        (Arm.TransferFrozen, "#d55e00", "", "AnB: other task's layers, frozen"),
        (Arm.TransferTuned, "#d55e00", "6 4", "AnB+: other task's layers, tuned"),
        (Arm.RandomFrozen, "#666666", "", "RnB: random layers, frozen"),
    ];

    private readonly StringBuilder _svg = new();
    private double _low, _high;

    /// <summary>The SVG file.</summary>
    public string ToSvg()
    {
        Similarity[] panels = [.. findings.Splits.Select(split => split.Similarity).Distinct().Order()];
        var controls = panels.Select(similarity => 100 * findings.AboveBase(similarity, Arm.BaseTwice, 0).Mean).ToArray();
        var edges = from similarity in panels
                    from line in Lines
                    from cut in Findings.Cuts(line.Arm)
                    let contrast = findings.AboveBase(similarity, line.Arm, cut)
                    from edge in new[] { contrast.Mean - Band(contrast), contrast.Mean + Band(contrast) }
                    select 100 * edge;
        // Whole grid lines, five points of accuracy apart.
        _low = 10 * Math.Floor(edges.Concat(controls).Min() / 10);
        _high = Math.Max(5, 5 * Math.Ceiling(edges.Concat(controls).Max() / 5));
        Add($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"13\" role=\"img\" aria-label=\"Accuracy above base B against layers taken over\">");
        Add($"<rect width=\"{Width}\" height=\"{Height}\" fill=\"#ffffff\"/>");
        for (var i = 0; i < panels.Length; i++)
            Panel(panels[i], Left + (i * (PanelWidth + Gap)), i == 0);
        Legend();
        Add($"</svg>");
        return _svg.ToString();
    }

    private void Panel(Similarity similarity, double left, bool isFirst)
    {
        var splits = findings.Splits.Count(split => split.Similarity == similarity);
        var title = similarity == Similarity.Similar ? "similar tasks: formulas split at random" : "dissimilar tasks: textures, shapes";
        Add($"<text x=\"{left + (PanelWidth / 2)}\" y=\"{Top - 26}\" text-anchor=\"middle\" font-weight=\"bold\">{title}</text>");
        Add($"<text x=\"{left + (PanelWidth / 2)}\" y=\"{Top - 9}\" text-anchor=\"middle\" fill=\"#555555\">{splits} {(splits == 1 ? "split" : "splits")}, base B {findings.Accuracy(similarity, Arm.BaseB).Mean:.000}</text>");
        for (var value = _low; value <= _high; value += 5)
        {
            Add($"<path d=\"M{left} {Y(value):0.##}h{PanelWidth}\" stroke=\"{(value == 0 ? "#555555" : "#e2e2e2")}\"/>");
            if (isFirst)
                Add($"<text x=\"{left - 8}\" y=\"{Y(value) + 4:0.##}\" text-anchor=\"end\">{(value > 0 ? "+" : "")}{value:0}</text>");
        }

        for (var cut = 1; cut <= CutNetwork.Layers; cut++)
            Add($"<text x=\"{X(left, cut):0.##}\" y=\"{Top + PanelHeight + 18}\" text-anchor=\"middle\">{cut}</text>");
        Add($"<text x=\"{left + (PanelWidth / 2)}\" y=\"{Top + PanelHeight + 38}\" text-anchor=\"middle\">layers taken over (n)</text>");
        if (isFirst)
            Add($"<text transform=\"translate(20 {Top + (PanelHeight / 2)}) rotate(-90)\" text-anchor=\"middle\">points of accuracy above base B</text>");
        var control = 100 * findings.AboveBase(similarity, Arm.BaseTwice, 0).Mean;
        Add($"<path class=\"control\" d=\"M{left} {Y(control):0.##}h{PanelWidth}\" stroke=\"#111111\" stroke-dasharray=\"1.5 3\"/>");
        foreach (var line in Lines)
        {
            var points = Findings.Cuts(line.Arm).Select(cut => (X: X(left, cut), Contrast: findings.AboveBase(similarity, line.Arm, cut))).ToArray();
            var upper = points.Select(point => (point.X, 100 * (point.Contrast.Mean + Band(point.Contrast))));
            var lower = points.Reverse().Select(point => (point.X, 100 * (point.Contrast.Mean - Band(point.Contrast))));
            Add($"<polygon points=\"{Path(upper.Concat(lower))}\" fill=\"{line.Colour}\" fill-opacity=\"0.13\"/>");
            Add($"<polyline points=\"{Path(points.Select(point => (point.X, 100 * point.Contrast.Mean)))}\" fill=\"none\" stroke=\"{line.Colour}\" stroke-width=\"2\" stroke-dasharray=\"{line.Dash}\"/>");
            foreach (var point in points)
                Add($"<circle cx=\"{point.X:0.##}\" cy=\"{Y(100 * point.Contrast.Mean):0.##}\" r=\"3.5\" fill=\"{(line.Dash.Length > 0 ? "#ffffff" : line.Colour)}\" stroke=\"{line.Colour}\" stroke-width=\"1.5\"/>");
        }
    }

    private void Legend()
    {
        var entries = Lines.Select(line => (line.Colour, line.Dash, line.Text)).Append((Colour: "#111111", Dash: "1.5 3", Text: "base B trained twice as long")).ToArray();
        for (var i = 0; i < entries.Length; i++)
        {
            var (x, y) = (Left + (i / 2 * 265), Top + PanelHeight + 64 + (i % 2 * 22));
            Add($"<path d=\"M{x} {y}h30\" stroke=\"{entries[i].Colour}\" stroke-width=\"2\" stroke-dasharray=\"{entries[i].Dash}\"/>");
            Add($"<text x=\"{x + 38}\" y=\"{y + 4}\">{entries[i].Text}</text>");
        }
    }

    private static double Band(Contrast contrast) => double.IsFinite(contrast.StandardError) ? contrast.StandardError : 0;

    private static double X(double left, int cut) => left + ((cut - 0.5) / CutNetwork.Layers * PanelWidth);

    private double Y(double value) => Top + ((_high - value) / (_high - _low) * PanelHeight);

    private string Path(IEnumerable<(double X, double Y)> points) =>
        string.Join(' ', points.Select(point => FormattableString.Invariant($"{point.X:0.##},{Y(point.Y):0.##}")));

    private void Add(FormattableString line) => _svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
