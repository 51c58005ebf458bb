using MLNetTransfer.Torch.Adaptation.Mathematics;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Adaptation.Methods;

/// <summary>
/// Minimum class confusion (Jin, Wang, Long and Wang, "Minimum Class Confusion for Versatile Domain Adaptation", ECCV 2020): the network learns to predict the target without mixing up
/// classes: the softened predictions, weighted by how sure they are, are correlated class by class, and what lies off the diagonal is the loss (equations 2 to 6). No domain is compared with
/// the other. It fails where the first predictions are sure and wrong, and it does not mind when all images end in one class.
/// </summary>
public sealed class MinimumClassConfusion() : DeepAdaptation(tradeOff: 1)
{
    /// <summary>What scores are divided by, above 0; higher is softer. Default: 2.5, as in the paper.</summary>
    public double Temperature { get; init; } = 2.5;

    /// <inheritdoc/>
    public override string Name => "mcc";

    /// <inheritdoc/>
    public override string Summary => "trains a network that does not mix up classes on the target";

    /// <inheritdoc/>
    public override string Reference => "Jin, Wang, Long and Wang, Minimum Class Confusion for Versatile Domain Adaptation, ECCV 2020";

    /// <inheritdoc/>
    protected override IEnumerable<string> Faults => [.. base.Faults, .. OutOfRange(Temperature, 0, isOpen: true)];

    /// <inheritdoc/>
    protected internal override Tensor Loss(DomainBatch batch) => Loss(batch.TargetScores, Temperature);

    internal static Tensor Loss(Tensor scores, double temperature)
    {
        var (softened, images, classes) = (scores.Times(1 / temperature), scores.shape[0], scores.shape[1]);
        var probabilities = softened.softmax(1);
        var sureness = softened.detach().Entropy().neg().exp().Plus(tensor(1.0));
        var weights = sureness.div(sureness.sum()).Times(images).unsqueeze(1);
        var confusion = probabilities.mul(weights).t().mm(probabilities);
        var shares = confusion.div(confusion.sum(1, keepdim: true));
        return shares.sum().sub(shares.trace()).Times(1.0 / classes);
    }
}
