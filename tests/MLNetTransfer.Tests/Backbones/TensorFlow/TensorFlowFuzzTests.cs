using System.Collections.Concurrent;
using Google.Protobuf;
using MLNetTransfer.Backbones.TensorFlow;

namespace MLNetTransfer.Tests.Backbones.TensorFlow;

/// <summary>
/// 25,000 damaged graphs through reading and import. Only <see cref="TransferException"/> may come out, and memory stays small. A failure
/// names the number of the file: the same number makes the same file again.
/// </summary>
public sealed class TensorFlowFuzzTests
{
    private const int Files = 25_000;
    private const int Parts = 25;

    /// <summary>Many times what any of these networks needs; a hostile size would ask for gigabytes.</summary>
    private const long MostBytes = 128 << 20;

    private static readonly byte[][] Seeds = [.. FuzzSeeds.All.Select(graph => graph.ToByteArray())];

    [Fact]
    public void Read_SeedGraphs_AreValid() =>
        Assert.All(Seeds, seed => Assert.True(TensorFlowImport.Read(seed, "seed.pb", Graphs.Options()).ToBackbone().DefaultCut.Dimensions > 0));

    [Fact]
    public void Read_25000DamagedFiles_GivesTypedErrorsOrBackbones()
    {
        var (usable, faults) = (0, new ConcurrentBag<string>());
        Parallel.For(0, Parts, part =>
        {
            for (var number = part; number < Files; number += Parts)
            {
                var file = Damaged(number);
                var before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    TensorFlowImport.Read(file, "damaged.pb", Graphs.Options());
                    Interlocked.Increment(ref usable);
                }
                catch (TransferException)
                {
                }
                catch (Exception fault)
                {
                    faults.Add($"{number}: {fault}");
                }
                if (GC.GetAllocatedBytesForCurrentThread() - before is > MostBytes and var bytes)
                    faults.Add($"{number}: {bytes} bytes allocated.");
            }
        });
        Assert.True(faults.IsEmpty, $"{faults.Count} of {Files} files:\n{string.Join("\n\n", faults.Order(StringComparer.Ordinal).Take(5))}");
        // Neither all refused (then nothing behind the parser is tried) nor all taken.
        Assert.InRange(usable, Files / 10, Files * 9 / 10);
    }

    /// <summary>The damaged file of a number.</summary>
    private static byte[] Damaged(int number)
    {
        var random = RandomStream.Derive(1, $"graphdef fuzz/{number}");
        var (seed, mutator) = (random.NextInt32(Seeds.Length), new GraphMutator(random));
        if (random.NextInt32(5) == 0)
            return mutator.Mutate(Seeds[seed], Seeds[random.NextInt32(Seeds.Length)]);
        var graph = GraphDef.Parser.ParseFrom(Seeds[seed]);
        for (var changes = 1 + random.NextInt32(4); changes > 0; changes--)
            mutator.Mutate(graph);
        return random.NextInt32(8) == 0 ? new MetaGraphDef { GraphDef = graph }.ToByteArray() : graph.ToByteArray();
    }
}
