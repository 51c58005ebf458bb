using Google.Protobuf;
using MLNetTransfer.Backbones;
using MLNetTransfer.Backbones.Onnx;
using static MLNetTransfer.Tests.Backbones.OnnxModels;

namespace MLNetTransfer.Tests.Backbones;

/// <summary>Graphs so long, wide or deep that anything but a single pass over them would not end; a hang shows as a test run that does not.</summary>
public sealed class HostileGraphTests
{
    private const int Many = 20_000;

    public static TheoryData<string> Graphs => [.. Hostile.Keys.Order(StringComparer.Ordinal)];

    private static Dictionary<string, Func<ModelProto>> Hostile => new()
    {
        ["a long chain of activations"] = () => Chain("Relu"),
        ["a long chain of layers"] = () => Chain("Conv", "k"),
        ["a long chain of sums"] = () => Chain("Add", "map"),
        ["a chain out of order"] = () => Reversed(Chain("Relu")),
        ["a chain of concatenated sizes"] = () => Network([Node("Shape", ["map"], "s0"), .. Enumerable.Range(1, 2000).Select(i => Node("Concat", [$"s{i - 1}", $"s{i - 1}"], $"s{i}", Int("axis", 0)))], []),
        ["a chain that adds axes"] = () => Network([Node("Identity", ["map"], "t0"), .. Enumerable.Range(1, Many).Select(i => Node("Unsqueeze", [$"t{i - 1}"], $"t{i}", Ints("axes", 0)))], [], opset: 11),
        ["a chain that doubles"] = () => Network([Node("Identity", ["map"], "t0"), .. Enumerable.Range(1, Many).Select(i => Node("Concat", [$"t{i - 1}", $"t{i - 1}"], $"t{i}", Int("axis", 2)))], []),
        ["one node with many inputs"] = () => Network([Node("Sum", [.. Enumerable.Repeat("map", Many)], "output")], []),
        ["one node with many outputs"] = () => Network([new NodeProto { OpType = "Split", Input = { "map" }, Output = { Enumerable.Range(0, Many).Select(i => $"part{i}") } }], []),
        ["many readers of one tensor"] = () => Network([.. Enumerable.Range(0, Many).Select(i => Node("Conv", ["map", "k"], $"t{i}"))], [Floats("k", [6, 6, 1, 1], 1)]),
        ["many outputs"] = () => Outputs(Chain("Relu")),
        ["many weights"] = () => Network([Node("Relu", ["map"], "output")], Enumerable.Range(0, Many).Select(i => Floats($"w{i}", [1], i))),
    };

    [Theory]
    [MemberData(nameof(Graphs))]
    public void FromBytes_HostileGraph_EndsInCutsOrATypedError(string graph)
    {
        var onnx = Hostile[graph]().ToByteArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            var backbone = Backbone.FromBytes(onnx, null, graph);
            Assert.NotEmpty(backbone.CutAt(backbone.DefaultCut).Onnx);
        }
        catch (TransferException error)
        {
            Assert.Contains(graph, error.Message);
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 500L << 20);
    }

    private static ModelProto Chain(string type, params string[] others)
    {
        var model = Network([.. Enumerable.Range(1, Many).Select(i => Node(type, [i == 1 ? "map" : $"t{i - 1}", .. others], $"t{i}"))], [Floats("k", [6, 6, 1, 1], 1)]);
        model.Graph.Output[0].Name = $"t{Many}";
        return model;
    }

    private static ModelProto Reversed(ModelProto model)
    {
        var nodes = model.Graph.Node.Reverse().ToList();
        model.Graph.Node.Clear();
        model.Graph.Node.Add(nodes);
        return model;
    }

    private static ModelProto Outputs(ModelProto model)
    {
        model.Graph.Output.Clear();
        model.Graph.Output.Add(Enumerable.Range(1, Many).Select(i => new ValueInfoProto { Name = $"t{i}" }));
        return model;
    }
}
