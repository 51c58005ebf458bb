using MLNetTransfer.Domains;
using MLNetTransfer.Torch.Adaptation.Mathematics;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>Gives features the mean 0 and the deviation 1 that they have on the rows it was made from; those that do not vary there become 0.</summary>
internal sealed class Standardisation
{
    private readonly double[] _mean;
    private readonly double[] _scale;

    public Standardisation(FeatureMatrix features)
    {
        (var centred, _mean) = Matrix.From(features).Centred();
        _scale = new double[_mean.Length];
        for (var row = 0; row < centred.Rows; row++)
            for (var j = 0; j < _scale.Length; j++)
                _scale[j] += centred[row, j] * centred[row, j];
        for (var j = 0; j < _scale.Length; j++)
            _scale[j] = Math.Sqrt(_scale[j] / centred.Rows) is var deviation && deviation > 1e-6 * Math.Max(1e-12, Math.Abs(_mean[j])) ? 1 / deviation : 0;
    }

    public FeatureMatrix Apply(FeatureMatrix features) => Matrix.From(features).PlusRow([.. _mean.Select(mean => -mean)]).ScaleColumns(_scale).ToFeatures();

    public LabeledFeatures Apply(LabeledFeatures features) => new(Apply(features.Features), features.Labels, features.Classes);

    public FeatureMap ToMap() => FeatureMap.Centred(_mean, Matrix.Diagonal(_scale));
}
