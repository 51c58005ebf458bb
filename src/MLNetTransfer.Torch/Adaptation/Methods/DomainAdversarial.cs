using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Adaptation.Methods;

/// <summary>
/// Domain-adversarial training (Ganin, Ustinova, Ajakan, Germain, Larochelle, Laviolette, Marchand and Lempitsky, "Domain-Adversarial Training of Neural Networks", JMLR 17, 2016): a
/// discriminator learns to tell the domains apart by the hidden layer, which learns from its reversed gradient to make that impossible (equations 9 to 14), the more so the longer it trains.
/// It fails where the classes' shares differ, and where it finds an easier way to hide the domain than to bring the right classes together.
/// </summary>
public sealed class DomainAdversarial() : DeepAdaptation(tradeOff: 1)
{
    /// <inheritdoc/>
    public override string Name => "dann";

    /// <inheritdoc/>
    public override string Summary => "trains a network against a discriminator of domains";

    /// <inheritdoc/>
    public override string Reference => "Ganin, Ustinova, Ajakan, Germain, Larochelle, Laviolette, Marchand and Lempitsky, Domain-Adversarial Training of Neural Networks, JMLR 17, 2016";

    /// <inheritdoc/>
    protected internal override int? DiscriminatorInputs(int features, int classes) => features;

    /// <inheritdoc/>
    protected internal override Tensor Loss(DomainBatch batch) => batch.AdversarialLoss(batch.Features);
}
