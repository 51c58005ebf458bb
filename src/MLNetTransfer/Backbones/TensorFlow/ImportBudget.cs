namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>
/// Bounds what an import keeps in memory by the size of its file: a few bytes can claim a constant of any size, and name it as often as
/// they like.
/// </summary>
/// <param name="fileBytes">The size of the graph file.</param>
internal sealed class ImportBudget(long fileBytes)
{
    // Four passes over every 32-bit number in the file, and 4 MiB for small things that expand.
    private readonly long _most = fileBytes + (1 << 20);
    private long _taken;

    /// <summary>Asks for room for an array before it is made.</summary>
    /// <param name="shape">Its dimensions, 0 or more each.</param>
    /// <param name="node">Who asks.</param>
    /// <returns>The number of its elements.</returns>
    /// <exception cref="TransferException">There is no room.</exception>
    public int Take(IReadOnlyList<int> shape, string node)
    {
        long count = 1;
        foreach (var dimension in shape)
        {
            count *= dimension;
            if (count > _most)
                throw TooLarge(shape, node);
        }
        _taken += count;
        return _taken <= _most ? (int)count : throw TooLarge(shape, node);
    }

    private TransferException TooLarge(IReadOnlyList<int> shape, string node) =>
        new($"The constants of a graph together hold at most {_most} numbers for a file of {fileBytes} bytes; " +
            $"{node} asks for {Constant.Text(shape)} more. The file is damaged, or not a frozen network.");
}
