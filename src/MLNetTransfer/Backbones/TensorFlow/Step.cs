using MLNetTransfer.Backbones.Onnx;

namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>One node being imported: its attributes and inputs, checked as they are asked for, and where its ONNX nodes go.</summary>
internal sealed class Step(NodeDef node, IReadOnlyList<Value> inputs, Conversion conversion)
{
    // More numbers than any picture network computes for one image at one place.
    private const int MostValues = 1 << 26;

    private const string NextStep = "The file is damaged, or uses the operator in a way that is not supported.";

    public string Name => node.Name;

    public string Operator => node.Op;

    /// <summary>What to call the graph in messages.</summary>
    public string Source => conversion.Source;

    public IReadOnlyList<Value> Inputs => inputs;

    public OnnxLayers Onnx => conversion.Onnx;

    public ImportBudget Budget => conversion.Budget;

    /// <summary>The number of images the graph was made for; null when that is open.</summary>
    public int? DeclaredBatch => conversion.Input.Batch;

    /// <summary>Says what the node breaks.</summary>
    /// <param name="rule">What holds for such a node, as in "has two inputs".</param>
    /// <param name="received">What this one has.</param>
    /// <param name="next">What to do about it.</param>
    public TransferException Fault(string rule, string received, string next = NextStep) =>
        new($"A node of the operator {Operator} {rule}; '{Name}' in '{Source}': {received}. {next}");

    /// <summary>An input that depends on the image.</summary>
    public Activation Image(int index) => Input(index) switch
    {
        Activation { Blocks: null } activation => activation,
        Activation => throw Fault("does not work on the blocks of SpaceToBatchND", "it does", "Only convolutions are supported between SpaceToBatchND and BatchToSpaceND."),
        _ => throw Fault($"has an input {index} that depends on the image", "a constant"),
    };

    /// <summary>An input that depends on the image, as [N, C, H, W]: what convolutions and poolings work on.</summary>
    public (string Tensor, int Channels, int Height, int Width) Map(int index)
    {
        var map = Input(index) is Activation { Blocks: not null } split ? split : Image(index);
        if (map.Rank != 4)
            throw Fault("works on maps [N, H, W, C]", TensorFlow.Constant.Text(map.Shape));
        map = Layout.Arrange(this, map, IsChannelsFirst ? Activation.Plain(4) : Activation.ChannelsFirst);
        return map.Stored is [_, var channels, var height, var width] ? (map.Tensor, channels, height, width) : throw new InvalidOperationException();
    }

    /// <summary>Whether the node sees maps as [N, C, H, W] itself.</summary>
    public bool IsChannelsFirst => Text("data_format", "NHWC") switch
    {
        "NHWC" => false,
        "NCHW" => true,
        var other => throw Fault("has the data_format NHWC or NCHW", other),
    };

    public Value Input(int index) => index < inputs.Count ? inputs[index] : throw Fault($"has {index + 1} or more inputs", $"{inputs.Count}");

    public Constant Constant(int index) => Input(index) as Constant
        ?? throw Fault($"has a constant as input {index}", "a tensor that depends on the image");

    /// <summary>A constant of integers without the number of images in it.</summary>
    public long[] Integers(int index) => Constant(index).Integers is { } values && !values.Contains(TensorFlow.Constant.BatchSize)
        ? values
        : throw Fault($"has integers as input {index}", "other numbers");

    /// <summary>An axis of a tensor, counted from 0, given as a number that counts from the end when negative.</summary>
    public int Axis(long axis, int rank) => axis >= -rank && axis < rank
        ? (int)(axis < 0 ? axis + rank : axis)
        : throw Fault($"has an axis from {-rank} to {rank - 1}", $"{axis}");

    public AttrValue? Attribute(string name, AttrValue.ValueOneofCase kind) =>
        !node.Attr.TryGetValue(name, out var value) ? null
        : value.ValueCase == kind ? value
        : throw Fault($"has an attribute '{name}' of the kind {kind}", $"{value.ValueCase}");

    public string Text(string name, string otherwise) => Attribute(name, AttrValue.ValueOneofCase.S)?.S.ToStringUtf8() ?? otherwise;

    public bool Flag(string name, bool otherwise) => Attribute(name, AttrValue.ValueOneofCase.B)?.B ?? otherwise;

    public long Integer(string name, long otherwise) => Attribute(name, AttrValue.ValueOneofCase.I)?.I ?? otherwise;

    public DataType Type(string name, DataType otherwise) => (DataType)(Attribute(name, AttrValue.ValueOneofCase.Type)?.Type ?? (int)otherwise);

    public long[]? List(string name) => Attribute(name, AttrValue.ValueOneofCase.List)?.List.I.ToArray();

    public float Number(string name, float otherwise) =>
        Attribute(name, AttrValue.ValueOneofCase.F)?.F is not { } value ? otherwise
        : float.IsFinite(value) ? value
        : throw Fault($"has a finite '{name}'", $"{value}");

    /// <summary>Adds an ONNX node that computes what this node does.</summary>
    public Activation Emit(string type, IEnumerable<string> reads, int[] shape, int[] order, params IEnumerable<AttributeProto> attributes) =>
        Emit(new OnnxNode { Operator = type, Inputs = [.. reads], Output = Name, Attributes = [.. attributes] }, shape, order);

    /// <summary>Adds an ONNX node that computes what this node does.</summary>
    public Activation Emit(OnnxNode added, int[] shape, int[] order)
    {
        Check(shape);
        var result = new Activation(added.Output, shape, order);
        added.Shape = result.Stored;
        Onnx.Nodes.Add(added);
        return result;
    }

    /// <summary>Adds an ONNX node that computes a map [N, C, H, W].</summary>
    public Activation EmitMap(OnnxNode added, int channels, int height, int width) => IsChannelsFirst
        ? Emit(added, [Activation.Batch, channels, height, width], Activation.Plain(4))
        : Emit(added, [Activation.Batch, height, width, channels], Activation.ChannelsFirst);

    /// <summary>Adds a step on the way, under the name of this node and its role.</summary>
    public string EmitPart(string role, string type, IEnumerable<string> reads, params IEnumerable<AttributeProto> attributes)
    {
        var output = $"{Name}:{role}";
        Onnx.Nodes.Add(new OnnxNode { Operator = type, Inputs = [.. reads], Output = output, Attributes = [.. attributes] });
        return output;
    }

    /// <summary>Bounds a shape by what a network can have.</summary>
    public void Check(int[] shape)
    {
        long count = 1;
        foreach (var dimension in shape.Skip(1))
        {
            count = dimension < 1 ? 0 : count * dimension;
            if (count is < 1 or > MostValues)
                throw Fault(
                    "gives every image one value or more, and not more than a network can hold", TensorFlow.Constant.Text(shape),
                    "Choose another side for the images, or check the file.");
        }
    }
}
