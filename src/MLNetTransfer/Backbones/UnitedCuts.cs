namespace MLNetTransfer.Backbones;

/// <summary>All cuts of a backbone in one network: every tensor is computed once, and what a cut sees is a selection of the columns.</summary>
internal sealed class UnitedCuts
{
    private readonly Dictionary<string, (int Start, int Length)> _columns = [];

    public UnitedCuts(Backbone backbone)
    {
        Cuts = [.. backbone.Cuts.OrderBy(cut => cut.MultiplyAdds)];
        string[] tensors = [.. Cuts.SelectMany(cut => cut.Tensors).Distinct()];
        var dimensions = 0;
        foreach (var tensor in tensors)
        {
            var channels = backbone.ChannelsOf(tensor);
            _columns.Add(tensor, (dimensions, channels));
            dimensions += channels;
        }
        Network = backbone.CutAtTensors(new Cut(Cut.Auto, tensors, dimensions));
    }

    /// <summary>The network: its features are those of every tensor of every cut, each once.</summary>
    public BackboneCut Network { get; }

    /// <summary>The cuts, the one that costs least first; of equals, the one nearer to the input.</summary>
    public IReadOnlyList<Cut> Cuts { get; }

    /// <summary>The columns of a cut, in the order of its own features.</summary>
    public IReadOnlyList<(int Start, int Length)> ColumnsOf(Cut cut) => [.. cut.Tensors.Select(tensor => _columns[tensor])];
}
