using MLNetTransfer.Torch.Adaptation.Methods;

namespace MLNetTransfer.Torch.Tests.Adaptation.Methods;

[Collection(TorchCollection.Name)]
public sealed class SubspaceAlignmentTests
{
    [Fact]
    public void Adapt_Waves_IsThatOfNumpy() => Waves.AssertEqual(
        [2.54741757, 0.579849595, 11.6446533, 2.64879969, 1.03954062, 5.9996172, 7.66371933, 3.63792292, 2.90923642],
        Waves.Distances(new SubspaceAlignment { Dimensions = 3 }));

    /// <summary>With all axes the alignment turns nothing: distances are those of the centred features.</summary>
    [Fact]
    public void Adapt_AllAxes_KeepsCentredDistances()
    {
        var expected = Torch.Adaptation.Mathematics.Distances.Squared(Waves.SourceRows.Centred().Values, Waves.TargetRows.Centred().Values);

        Waves.AssertEqual([.. from row in Enumerable.Range(0, 3) from column in Enumerable.Range(0, 3) select expected[row, column]],
            Waves.Distances(new SubspaceAlignment { Dimensions = 99 }));
    }
}
