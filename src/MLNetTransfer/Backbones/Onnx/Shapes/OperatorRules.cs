using System.Collections.Frozen;

namespace MLNetTransfer.Backbones.Onnx.Shapes;

/// <summary>The operators whose output shapes follow from their inputs.</summary>
internal static class OperatorRules
{
    private static readonly FrozenDictionary<string, OperatorRule> Rules =
        new[] { ElementwiseRules.All, WindowRules.All, LinearRules.All, ReductionRules.All, ArrangementRules.All, SelectionRules.All }
            .SelectMany(rules => rules).ToFrozenDictionary(rule => rule.Operator, rule => rule.Rule);

    /// <summary>Operators that ONNX Runtime knows under its own domain, too, and that mean the same there.</summary>
    private static readonly FrozenSet<string> OfOnnxRuntime = FrozenSet.Create("QuantizeLinear", "DequantizeLinear", "Gelu", "FusedConv");

    /// <summary>The rule of a node's operator; null when there is none.</summary>
    public static OperatorRule? Find(NodeProto node) => node.Domain switch
    {
        "" or "ai.onnx" => Rules.GetValueOrDefault(node.OpType),
        "com.microsoft" when OfOnnxRuntime.Contains(node.OpType) => Rules[node.OpType == "FusedConv" ? "Conv" : node.OpType],
        _ => null,
    };
}
