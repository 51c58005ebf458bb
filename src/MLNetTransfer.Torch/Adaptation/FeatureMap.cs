using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>
/// How features of the target become those the adapted classifier reads: affine layers one after another; none is the identity. Affine layers without a
/// rectifier between them are folded into one, so that every method of linear algebra is one Gemm in ONNX. Immutable.
/// </summary>
public sealed class FeatureMap
{
    private FeatureMap(int inputs, IReadOnlyList<AffineLayer> layers) => (Inputs, Layers) = (inputs, layers);

    /// <summary>The number of features that go in.</summary>
    public int Inputs { get; }

    /// <summary>The number of features that come out.</summary>
    public int Outputs => Layers.Count == 0 ? Inputs : Layers[^1].Weights.Columns;

    /// <summary>The layers, first to last.</summary>
    public IReadOnlyList<AffineLayer> Layers { get; }

    /// <summary>The layers up to the last rectifier: what no linear head can take in.</summary>
    internal FeatureMap Hidden => new(Inputs, [.. Layers.TakeWhile(layer => layer.IsRectified)]);

    /// <summary>Changes nothing.</summary>
    public static FeatureMap Identity(int features) => new(features, []);

    /// <summary>x -> x W.</summary>
    public static FeatureMap Linear(Matrix weights) => Identity(weights.Rows).Then(new AffineLayer(weights, new double[weights.Columns]));

    /// <summary>x -> x W + b.</summary>
    public static FeatureMap Affine(Matrix weights, double[] offset) => Identity(weights.Rows).Then(new AffineLayer(weights, offset));

    /// <summary>x -> (x - mean) W.</summary>
    public static FeatureMap Centred(double[] mean, Matrix weights) =>
        Affine(weights, new Matrix(1, mean.Length, mean).Times(weights).Scaled(-1).Values.ToArray());

    /// <summary>This map, then a layer.</summary>
    /// <exception cref="ArgumentException">The layer takes another number of features than come out here.</exception>
    public FeatureMap Then(AffineLayer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        if (layer.Weights.Rows != Outputs || layer.Offset.Count != layer.Weights.Columns)
            throw new ArgumentException($"A layer takes the {Outputs} features that come before it and adds one offset an output; "
                + $"received {layer.Weights.Rows} x {layer.Weights.Columns} and {layer.Offset.Count} offsets.", nameof(layer));
        return new FeatureMap(Inputs, Layers.Count > 0 && !Layers[^1].IsRectified ? [.. Layers.SkipLast(1), Layers[^1].Then(layer)] : [.. Layers, layer]);
    }

    /// <summary>This map, then another one.</summary>
    public FeatureMap Then(FeatureMap next) => next.Layers.Aggregate(this, (map, layer) => map.Then(layer));

    /// <summary>The features of every row.</summary>
    public FeatureMatrix Apply(FeatureMatrix features)
    {
        if (Layers.Count == 0)
            return features;
        var values = Matrix.From(features);
        foreach (var layer in Layers)
            values = layer.Apply(values);
        return values.ToFeatures();
    }
}
