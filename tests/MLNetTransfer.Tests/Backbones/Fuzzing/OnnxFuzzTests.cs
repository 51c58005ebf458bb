using Google.Protobuf;
using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Images;

namespace MLNetTransfer.Tests.Backbones.Fuzzing;

/// <summary>
/// 25,000 damaged ONNX files through reading, description and every cut. Only <see cref="TransferException"/> may come out, memory stays small, and every cut that is
/// offered can be made. A failure names the number of the file: the same number makes the same file again.
/// </summary>
public sealed class OnnxFuzzTests
{
    /// <summary>More of them with MLNETTRANSFER_FUZZ_FILES in the environment: the first ones stay the same.</summary>
    private static readonly int Files = int.TryParse(Environment.GetEnvironmentVariable("MLNETTRANSFER_FUZZ_FILES"), out var files) ? files : 25_000;

    private const int Parts = 25;

    /// <summary>More than any of these networks can need; a hostile size would ask for gigabytes.</summary>
    private const long MostBytesOfAFile = 64 << 20;

    private static readonly byte[][] Seeds = [.. SeedGraphs.All.Select(model => model.ToByteArray())];

    [Fact]
    public void FromBytes_SeedGraphs_AreValid() =>
        Assert.All(Seeds, seed => Assert.NotEmpty(Describe(seed, null)));

    [Fact]
    public void FromBytes_25000DamagedFiles_GivesTypedErrorsOrUsableCuts()
    {
        var (usable, faults) = (0, new System.Collections.Concurrent.ConcurrentBag<string>());
        Parallel.For(0, Parts, part =>
        {
            for (var number = part; number < Files; number += Parts)
            {
                var file = Damaged(number, out var description);
                var before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    Describe(file, description);
                    Interlocked.Increment(ref usable);
                }
                catch (TransferException)
                {
                }
                catch (Exception fault)
                {
                    faults.Add($"{number}: {fault}");
                }
                if (GC.GetAllocatedBytesForCurrentThread() - before is > MostBytesOfAFile and var bytes)
                    faults.Add($"{number}: {bytes} bytes allocated.");
            }
        });
        Assert.True(faults.IsEmpty, $"{faults.Count} of {Files} files:\n{string.Join("\n\n", faults.Order(StringComparer.Ordinal).Take(5))}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{usable} of {Files} damaged files can still be cut.");
        // Neither all refused (then nothing behind the parser is tried) nor all taken.
        Assert.InRange(usable, Files / 10, Files * 9 / 10);
    }

    /// <summary>The damaged file of a number.</summary>
    private static byte[] Damaged(int number, out BackboneDescription? description)
    {
        var random = RandomStream.Derive(1, $"onnx fuzz/{number}");
        var seed = random.NextInt32(Seeds.Length);
        description = random.NextInt32(4) > 0 ? null : new BackboneDescription
        {
            Name = "described",
            Preprocessing = new Preprocessing { Side = OnnxModels.Side, Layout = (TensorLayout)random.NextInt32(2) },
            Cuts = random.NextInt32(2) == 0 ? [] : [new CutDescription { Name = "map", Tensors = ["map"] }, new CutDescription { Name = "both", Tensors = ["output", "pool"] }],
        };
        if (random.NextInt32(5) == 0)
            return new ByteMutator(random).Mutate(Seeds[seed], Seeds[random.NextInt32(Seeds.Length)]);
        var model = ModelProto.Parser.ParseFrom(Seeds[seed]);
        var mutator = new MessageMutator(random);
        for (var changes = 1 + random.NextInt32(4); changes > 0; changes--)
            mutator.Mutate(random.NextInt32(10) == 0 ? model : random.NextInt32(3) == 0 ? model.Graph ?? (IMessage)model : AnyNode(model, random));
        return model.ToByteArray();
    }

    private static IMessage AnyNode(ModelProto model, RandomStream random) =>
        model.Graph is { Node.Count: > 0 } graph ? graph.Node[random.NextInt32(graph.Node.Count)] : model;

    /// <summary>All that reading and describing does, ending in the bytes of each cut.</summary>
    private static IReadOnlyList<byte[]> Describe(byte[] file, BackboneDescription? description)
    {
        var backbone = Backbone.FromBytes(file, description, "damaged.onnx");
        Assert.Contains(backbone.DefaultCut, backbone.Cuts);
        Assert.InRange(backbone.Parameters, 0, file.Length);
        return [.. backbone.Cuts.Select(cut =>
        {
            Assert.True(cut is { Dimensions: > 0, MultiplyAdds: >= 0, Parameters: >= 0, Shape: { Height: > 0, Width: > 0 } });
            Assert.Same(cut, backbone.FindCut(cut.Name));
            return backbone.CutAt(cut).Onnx;
        })];
    }
}
