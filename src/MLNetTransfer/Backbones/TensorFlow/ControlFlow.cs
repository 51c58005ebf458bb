namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>Switches between training and inference, decided while importing.</summary>
internal static class ControlFlow
{
    /// <summary>Passes its first input on to the first output when the second is false, to the second output when it is true.</summary>
    public static Value[] Switch(Step step) => step.Input(1) is Constant { Integers: [var condition] }
        ? condition == 0 ? [step.Input(0), Dead.Branch] : [Dead.Branch, step.Input(0)]
        : throw step.Fault("has a condition that is known without an image", "another input");

    /// <summary>Passes on the one input that is alive.</summary>
    public static Value[] Merge(Step step)
    {
        var alive = Enumerable.Range(0, step.Inputs.Count).Where(i => step.Inputs[i] is not Dead).ToArray();
        return alive switch
        {
            [] => [Dead.Branch, Dead.Branch],
            [var chosen] => [step.Inputs[chosen], new Constant([], new long[] { chosen })],
            _ => throw step.Fault("joins branches of which one is taken", $"{alive.Length}"),
        };
    }

    public static Value Pass(Step step) => step.Input(0);

    public static Value[] PassAll(Step step) => [.. step.Inputs];

    public static Value Cast(Step step) => step.Type("SrcT", DataType.Float) == DataType.Float && step.Type("DstT", DataType.Float) == DataType.Float
        ? step.Input(0)
        : throw step.Fault("leaves the numbers of an image floats", $"{step.Type("SrcT", DataType.Float)} to {step.Type("DstT", DataType.Float)}");

    /// <summary>The dimensions of a tensor, the number of images among them.</summary>
    public static Value Shape(Step step)
    {
        int[] shape = step.Input(0) is Constant constant ? constant.Shape : step.Image(0).Shape;
        return new Constant([shape.Length], [.. shape.Select(d => d == Activation.Batch ? Constant.BatchSize : d)]);
    }
}
