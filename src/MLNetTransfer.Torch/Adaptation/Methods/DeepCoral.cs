using MLNetTransfer.Torch.Adaptation.Mathematics;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Adaptation.Methods;

/// <summary>
/// Deep CORAL (Sun and Saenko, "Deep CORAL: Correlation Alignment for Deep Domain Adaptation", ECCV 2016 workshops): a network is trained whose features have the same covariance in both
/// domains, |C_S - C_T|^2 / (4 d^2) (equation 1) as a loss. The paper takes the scores for d; here it is the hidden layer, since two classes have only two scores. It fails where the
/// domains differ in more than their covariances.
/// </summary>
public sealed class DeepCoral() : DeepAdaptation(tradeOff: 10)
{
    /// <inheritdoc/>
    public override string Name => "deep-coral";

    /// <inheritdoc/>
    public override string Summary => "trains a network whose features have the same covariance in both domains";

    /// <inheritdoc/>
    public override string Reference => "Sun and Saenko, Deep CORAL: Correlation Alignment for Deep Domain Adaptation, ECCV workshops 2016";

    /// <inheritdoc/>
    protected internal override Tensor Loss(DomainBatch batch) => Loss(batch.SourceFeatures, batch.TargetFeatures);

    internal static Tensor Loss(Tensor source, Tensor target)
    {
        var difference = Covariance(source).sub(Covariance(target));
        return difference.mul(difference).sum().Times(1 / (4.0 * source.shape[1] * source.shape[1]));
    }

    private static Tensor Covariance(Tensor rows)
    {
        var centred = rows.sub(rows.mean([0], keepdim: true));
        return centred.t().mm(centred).Times(1.0 / (rows.shape[0] - 1));
    }
}
