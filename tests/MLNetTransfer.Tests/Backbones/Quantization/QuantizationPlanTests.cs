using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Backbones.Quantization;
using static MLNetTransfer.Tests.Backbones.OnnxModels;

namespace MLNetTransfer.Tests.Backbones.Quantization;

public sealed class QuantizationPlanTests
{
    private static readonly HashSet<string> Nothing = [];

    [Fact]
    public void Plan_OfAResidualNetwork_QuantisesUpToThePoolOfTheFeatures()
    {
        var plan = Plan(Residual.Model().Graph, Nothing);

        Assert.Equal(["conv", "maximum", "second", "sum", "third", "point", "both", "fifth"], plan.Nodes.Select(node => node.Output[0]));
        Assert.Equal(["image", "map", "maximum", "second", "block", "depth", "point", "both", "last"], plan.Tensors);
        Assert.Equal("map", plan.ScaledAs("maximum"));
        Assert.Equal(5, plan.Convolutions);
    }

    [Fact]
    public void Plan_WithFloatLayers_LeavesThemAndWhatLiesBetween()
    {
        var plan = Plan(Residual.Model().Graph, Nothing, floats: 2);

        Assert.Equal(["third", "point", "both", "fifth"], plan.Nodes.Select(node => node.Output[0]));
        Assert.Equal(["block", "depth", "point", "both", "last"], plan.Tensors);
    }

    [Fact]
    public void Plan_AReluAfterATensorOfACut_IsNotAbsorbed()
    {
        var graph = Residual.Model().Graph;
        var plan = Plan(graph, new HashSet<string> { "sum" });

        Assert.False(plan.IsAbsorbed(graph.Node.Single(node => node.Output[0] == "block")));
        Assert.True(plan.IsAbsorbed(graph.Node.Single(node => node.Output[0] == "depth")));
        Assert.DoesNotContain("sum", plan.Tensors);
        Assert.Contains("block", plan.Tensors);
    }

    [Fact]
    public void Plan_AClampThatDoesNotStartAtZero_IsNotAbsorbed()
    {
        var graph = Network(
            [Node("Conv", ["map", "w2"], "c"), Node("Clip", ["c", "low", "high"], "output")],
            [Floats("w2", [6, 6, 1, 1], 7), GraphConstants.Floats("low", [-1]), GraphConstants.Floats("high", [1])]).Graph;

        Assert.False(Plan(graph, Nothing).IsAbsorbed(graph.Node[^1]));
    }

    private static QuantizationPlan Plan(GraphProto graph, IReadOnlySet<string> kept, int floats = 0) => new(graph, kept, floats);
}
