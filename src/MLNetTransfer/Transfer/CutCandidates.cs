using MLNetTransfer.Backbones;
using MLNetTransfer.Evaluation;
using MLNetTransfer.Heads;

namespace MLNetTransfer.Transfer;

/// <summary>The cuts that a training chooses among, one or all, and the one network that computes the features of all of them.</summary>
internal sealed class CutCandidates
{
    private readonly IReadOnlyList<(Cut Cut, IReadOnlyList<(int Start, int Length)> Columns)> _candidates;

    private CutCandidates(BackboneCut network, IReadOnlyList<(Cut Cut, IReadOnlyList<(int Start, int Length)> Columns)> candidates) =>
        (Network, _candidates) = (network, candidates);

    /// <summary>The network whose features every candidate is a selection of.</summary>
    public BackboneCut Network { get; }

    /// <summary>The candidates.</summary>
    public IEnumerable<Cut> Cuts => _candidates.Select(candidate => candidate.Cut);

    public static CutCandidates One(Backbone backbone, string name)
    {
        var cut = backbone.FindCut(name);
        return new(backbone.CutAt(cut), [(cut, [(0, cut.Dimensions)])]);
    }

    /// <summary>Every cut, the cheapest first.</summary>
    public static CutCandidates All(Backbone backbone)
    {
        var united = new UnitedCuts(backbone);
        return new(united.Network, [.. united.Cuts.Select(cut => (cut, united.ColumnsOf(cut)))]);
    }

    /// <summary>What each candidate sees of the features of <see cref="Network"/>.</summary>
    public IReadOnlyList<FeatureView> ViewsOf(FeatureMatrix features) => [.. _candidates.Select(candidate => new FeatureView(features, candidate.Columns))];

    /// <summary>The network that ends at a candidate.</summary>
    public BackboneCut NetworkOf(int candidate) =>
        _candidates.Count == 1 ? Network : Network.Backbone.CutAt(_candidates[candidate].Cut);

    /// <summary>What the choice was made by.</summary>
    public IReadOnlyList<CutFigures> Figures(TrainedHead head) =>
        [.. _candidates.Zip(head.Candidates, (candidate, figures) => new CutFigures(
            candidate.Cut.Name, candidate.Cut.Dimensions, (double)figures.Right / figures.Images, Interval.Wilson(figures.Right, figures.Images), figures.LogLoss))];
}
