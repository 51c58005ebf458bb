using MLNetTransfer.Torch.Adaptation.Mathematics;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Adaptation.Methods;

/// <summary>
/// Conditional domain-adversarial training (Long, Cao, Wang and Jordan, "Conditional Adversarial Domain Adaptation", NeurIPS 2018; CDAN+E): as <see cref="DomainAdversarial"/>, and the
/// discriminator reads every product of a feature and a predicted probability (equation 5), so that the domains are to agree class by class. Images count by how sure the prediction is, with
/// weights 1 + exp(-entropy) (equation 8). As in the authors' code no gradient reaches the predictions by way of the products; nor does one by way of the weights. The products are always
/// all taken; the paper projects more than 4096 at random. It fails where the predictions are wrong from the start.
/// </summary>
public sealed class ConditionalAdversarial() : DeepAdaptation(tradeOff: 1)
{
    /// <inheritdoc/>
    public override string Name => "cdan";

    /// <inheritdoc/>
    public override string Summary => "as dann, and the discriminator sees the predicted classes too";

    /// <inheritdoc/>
    public override string Reference => "Long, Cao, Wang and Jordan, Conditional Adversarial Domain Adaptation, NeurIPS 2018";

    /// <inheritdoc/>
    protected internal override int? DiscriminatorInputs(int features, int classes) => features * classes;

    /// <inheritdoc/>
    protected internal override Tensor Loss(DomainBatch batch)
    {
        var scores = batch.Scores.detach();
        return batch.AdversarialLoss(Products(batch.Features, scores), Weights(scores));
    }

    /// <summary>Feature x probability, [rows, classes x features].</summary>
    internal static Tensor Products(Tensor features, Tensor scores) => scores.softmax(1).unsqueeze(2).bmm(features.unsqueeze(1)).flatten(1);

    internal static Tensor Weights(Tensor scores) => scores.Entropy().neg().exp().Plus(tensor(1.0));
}
