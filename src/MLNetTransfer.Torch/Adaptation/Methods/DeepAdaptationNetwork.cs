using MLNetTransfer.Torch.Adaptation.Mathematics;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Adaptation.Methods;

/// <summary>
/// The deep adaptation network (Long, Cao, Wang and Jordan, "Learning Transferable Features with Deep Adaptation Networks", ICML 2015): a network is trained whose features have the same
/// distribution in both domains as far as a mean of Gaussian kernels can see: the squared maximum mean discrepancy as a loss (equation 2). Here by its biased estimator over all pairs of a
/// batch, on the hidden layer, with five equally weighted kernels exp(-distance^2 / (2^k width)), k = -2 to 2, width = the mean squared distance of the batch, as in the authors' later code;
/// the paper learns the weights and takes an estimator of linear time. It fails where the classes' shares differ: distributions that agree are then wrong.
/// </summary>
public sealed class DeepAdaptationNetwork() : DeepAdaptation(tradeOff: 1)
{
    private const int Octaves = 2;

    /// <inheritdoc/>
    public override string Name => "dan";

    /// <inheritdoc/>
    public override string Summary => "trains a network whose features several kernels cannot tell apart by domain";

    /// <inheritdoc/>
    public override string Reference => "Long, Cao, Wang and Jordan, Learning Transferable Features with Deep Adaptation Networks, ICML 2015";

    /// <inheritdoc/>
    protected internal override Tensor Loss(DomainBatch batch) => Loss(batch.SourceFeatures, batch.TargetFeatures);

    internal static Tensor Loss(Tensor source, Tensor target)
    {
        var (all, sources, rows) = (cat([source, target], 0), source.shape[0], source.shape[0] + target.shape[0]);
        var lengths = all.mul(all).sum(1, keepdim: true);
        var squared = lengths.Plus(lengths.t()).sub(all.mm(all.t()).Times(2)).relu();
        // Identical rows have no width; any will do.
        var width = squared.detach().sum().Times(1.0 / (rows * (rows - 1))).Plus(tensor(1e-12));
        var kernel = Enumerable.Range(-Octaves, (2 * Octaves) + 1)
            .Select(octave => squared.div(width).Times(-Math.Pow(2, -octave)).exp()).Aggregate((sum, next) => sum.Plus(next)).Times(1.0 / ((2 * Octaves) + 1));
        Tensor Mean(long row, long height, long column, long breadth) => kernel.narrow(0, row, height).narrow(1, column, breadth).mean();
        return Mean(0, sources, 0, sources).Plus(Mean(sources, rows - sources, sources, rows - sources)).sub(Mean(0, sources, sources, rows - sources).Times(2));
    }
}
