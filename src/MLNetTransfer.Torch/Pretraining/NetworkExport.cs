namespace MLNetTransfer.Torch.Pretraining;

internal static class NetworkExport
{
    public static byte[] ToOnnx(ResidualNetwork network, int side) => [];
}
