namespace MLNetTransfer.Torch.Pretraining;

/// <summary>What the description of a backbone made by <see cref="Pretrainer"/> says.</summary>
public static class FormulaBackbone
{
    /// <summary>
    /// Pixels along each edge of the photos it is fed. It is trained on 64, but fully convolutional: photos show more at twice the side.
    /// </summary>
    public const int Side = 128;

    /// <summary>The names of the tensors at the ends of its stages, input to output: where it can be cut.</summary>
    public static IReadOnlyList<string> StageTensors => NetworkExport.StageTensors;

    /// <summary>The names of the tensors behind its stem and every block, input to output: together they are the cut it uses by default.</summary>
    public static IReadOnlyList<string> BlockTensors => NetworkExport.BlockTensors;
}
