namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>The operators of TensorFlow that an import knows, and how each becomes ONNX.</summary>
internal static class Operators
{
    // Nodes that hold what was trained, outside a frozen graph.
    private static readonly string[] Variables =
        ["Variable", "VariableV2", "VarHandleOp", "ReadVariableOp", "AutoReloadVariable", "TemporaryVariable", "RestoreV2"];

    private static readonly string[] Calls = ["PartitionedCall", "StatefulPartitionedCall", "If", "StatelessIf", "While", "StatelessWhile"];

    private static readonly Dictionary<string, Func<Step, Value[]>> Known = new(StringComparer.Ordinal)
    {
        ["Abs"] = One(Arithmetic.Unary("Abs")),
        ["Add"] = One(Arithmetic.Binary("Add")),
        ["AddN"] = One(Arithmetic.AddN),
        ["AddV2"] = One(Arithmetic.Binary("Add")),
        ["AvgPool"] = One(Poolings.Average),
        ["BatchNormWithGlobalNormalization"] = One(Arithmetic.GlobalNormalization),
        ["BatchToSpaceND"] = One(Convolutions.BatchToSpace),
        ["BiasAdd"] = One(Arithmetic.BiasAdd),
        ["BiasAddV1"] = One(Arithmetic.BiasAdd),
        ["Cast"] = One(ControlFlow.Cast),
        ["CheckNumerics"] = One(ControlFlow.Pass),
        ["Concat"] = One(Shaping.Concat),
        ["ConcatV2"] = One(Shaping.Concat),
        ["Conv2D"] = One(Convolutions.Convolution),
        ["DepthwiseConv2dNative"] = One(Convolutions.Depthwise),
        ["Div"] = One(Arithmetic.Binary("Div")),
        ["Elu"] = One(Arithmetic.Unary("Elu")),
        ["Enter"] = One(ControlFlow.Pass),
        ["Exp"] = One(Arithmetic.Unary("Exp")),
        ["ExpandDims"] = One(Shaping.ExpandDims),
        ["FusedBatchNorm"] = One(Arithmetic.FusedBatchNorm),
        ["FusedBatchNormV2"] = One(Arithmetic.FusedBatchNorm),
        ["FusedBatchNormV3"] = One(Arithmetic.FusedBatchNorm),
        ["Identity"] = One(ControlFlow.Pass),
        ["IdentityN"] = ControlFlow.PassAll,
        ["LRN"] = One(Poolings.LocalResponse),
        ["LeakyRelu"] = One(Arithmetic.LeakyRelu),
        ["Log"] = One(Arithmetic.Unary("Log")),
        ["LogSoftmax"] = One(Arithmetic.Softmax("LogSoftmax")),
        ["MatMul"] = One(Convolutions.MatMul),
        ["MaxPool"] = One(Poolings.Max),
        ["Maximum"] = One(Arithmetic.Binary("Max")),
        ["Mean"] = One(Poolings.Mean),
        ["Merge"] = ControlFlow.Merge,
        ["Minimum"] = One(Arithmetic.Binary("Min")),
        ["MirrorPad"] = One(Shaping.Pad),
        ["Mul"] = One(Arithmetic.Binary("Mul")),
        ["Neg"] = One(Arithmetic.Unary("Neg")),
        ["Pad"] = One(Shaping.Pad),
        ["PadV2"] = One(Shaping.Pad),
        ["PlaceholderWithDefault"] = One(ControlFlow.Pass),
        ["PreventGradient"] = One(ControlFlow.Pass),
        ["RealDiv"] = One(Arithmetic.Binary("Div")),
        ["Reciprocal"] = One(Arithmetic.Unary("Reciprocal")),
        ["RefEnter"] = One(ControlFlow.Pass),
        ["RefMerge"] = ControlFlow.Merge,
        ["RefSwitch"] = ControlFlow.Switch,
        ["Relu"] = One(Arithmetic.Unary("Relu")),
        ["Relu6"] = One(Arithmetic.Relu6),
        ["Reshape"] = One(Shaping.Reshape),
        ["Rsqrt"] = One(Arithmetic.Rsqrt),
        ["Selu"] = One(Arithmetic.Unary("Selu")),
        ["Shape"] = One(ControlFlow.Shape),
        ["Sigmoid"] = One(Arithmetic.Unary("Sigmoid")),
        ["Snapshot"] = One(ControlFlow.Pass),
        ["Softmax"] = One(Arithmetic.Softmax("Softmax")),
        ["Softplus"] = One(Arithmetic.Unary("Softplus")),
        ["Softsign"] = One(Arithmetic.Unary("Softsign")),
        ["SpaceToBatchND"] = One(Convolutions.SpaceToBatch),
        ["Split"] = Shaping.Split,
        ["Sqrt"] = One(Arithmetic.Unary("Sqrt")),
        ["Square"] = One(Arithmetic.Square),
        ["Squeeze"] = One(Shaping.Squeeze),
        ["StopGradient"] = One(ControlFlow.Pass),
        ["Sub"] = One(Arithmetic.Binary("Sub")),
        ["Switch"] = ControlFlow.Switch,
        ["Tanh"] = One(Arithmetic.Unary("Tanh")),
        ["Transpose"] = One(Shaping.Transpose),
    };

    /// <summary>The names of the operators that may depend on an image, in order.</summary>
    public static IEnumerable<string> Names => Known.Keys.Order(StringComparer.Ordinal);

    public static bool IsKnown(string type) => Known.ContainsKey(type);

    /// <summary>What a node computes, one value an output.</summary>
    /// <exception cref="TransferException">Its operator is not known, or is used in a way that is not.</exception>
    public static Value[] Evaluate(Step step)
    {
        if (step.Inputs.Count > 0 && step.Inputs.All(input => input is Constant) && ConstantFolding.Find(step.Operator) is { } fold)
            return [fold(step)];
        if (step.Operator == "Const")
            return [ConstantReader.Read(step, step.Budget)];
        if (Known.TryGetValue(step.Operator, out var convert))
            return convert(step);
        throw step.Operator switch
        {
            "Placeholder" => new TransferException(
                $"A backbone has one input, the image; '{step.Source}' needs '{step.Name}' too. " +
                "Name the tensor to feed images to with --input NAME, or the one to end at with --output NAME."),
            var variable when Variables.Contains(variable) => new TransferException(
                $"An import takes a frozen graph; '{step.Source}' reads a variable at '{step.Name}' ({variable}), whose numbers lie in another file. " +
                $"{GraphFile.HowToFreeze}."),
            var call when Calls.Contains(call) => new TransferException(
                $"The operators of a frozen graph are in the graph itself; '{step.Source}' calls a function at '{step.Name}' ({call}). " +
                $"{GraphFile.HowToFreeze}; that writes functions out."),
            ['R', 'e', 's', 'i', 'z', 'e', ..] or ['D', 'e', 'c', 'o', 'd', 'e', ..] => new TransferException(
                $"Pictures are read and resized before they enter a backbone; '{step.Source}' does it at '{step.Name}' ({step.Operator}). " +
                "Name the tensor behind it with --input NAME."),
            var other => new TransferException(
                $"The operator of '{step.Name}' in '{step.Source}' is {other}, which is not supported. Supported are {string.Join(", ", Names)}. " +
                "Export the network for inference, or import the part before it with --output NAME."),
        };
    }

    private static Func<Step, Value[]> One(Func<Step, Value> convert) => step => [convert(step)];
}
