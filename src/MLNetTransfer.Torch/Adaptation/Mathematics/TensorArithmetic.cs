using TorchSharp;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Adaptation.Mathematics;

/// <summary>Sums and multiples that hand libtorch no number of their own (see <c>NesterovStep</c> for why), and what several losses are made of.</summary>
internal static class TensorArithmetic
{
    private static readonly Scalar One = 1;

    public static Tensor Plus(this Tensor tensor, Tensor other) => tensor.add(other, One);

    public static Tensor Times(this Tensor tensor, double number) => tensor.mul(torch.tensor(number));

    /// <summary>The entropy of the softmax of every row of scores: [rows].</summary>
    public static Tensor Entropy(this Tensor scores)
    {
        var logarithms = scores.log_softmax(1);
        return logarithms.exp().mul(logarithms).sum(1).neg();
    }
}
