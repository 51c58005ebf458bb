using Google.Protobuf;
using MLNetTransfer.Backbones.TensorFlow;

namespace MLNetTransfer.Tests.Backbones.TensorFlow;

/// <summary>Damages a graph: as a message, so that it is still read, or as bytes.</summary>
internal sealed class GraphMutator(RandomStream random)
{
    private static readonly long[] Sizes = [0, 1, -1, 2, 3, 7, -2, 64, 4096, 65536, 1 << 20, int.MaxValue, int.MinValue, 1L << 33, long.MaxValue, long.MinValue];
    private static readonly float[] Reals = [0, -1, 1e30f, float.NaN, float.PositiveInfinity, float.Epsilon];
    private static readonly int[] Types = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 14, 19, 20, 99, -1];
    private static readonly string[] Texts = ["SAME", "VALID", "EXPLICIT", "NCHW", "NHWC", "REFLECT", "", "NONSENSE"];

    private static readonly string[] AttributeNames =
        ["value", "strides", "padding", "ksize", "dilations", "data_format", "shape", "dtype", "keep_dims", "squeeze_dims", "is_training", "explicit_paddings", "num_split", "shrink_axis_mask"];

    private static readonly string[] Operators =
    [
        .. MLNetTransfer.Backbones.TensorFlow.Operators.Names, "Const", "Placeholder", "PlaceholderWithDefault", "Pack", "StridedSlice", "Slice", "Fill", "Prod", "Gather", "Pow", "FloorDiv",
        "ResizeBilinear", "DecodeJpeg", "VariableV2", "PartitionedCall", "RandomUniform", "NextIteration", "LoopCond",
    ];

    /// <summary>Changes one thing in the graph.</summary>
    public void Mutate(GraphDef graph)
    {
        if (graph.Node.Count == 0)
            return;
        var node = Any(graph.Node);
        switch (random.NextInt32(16))
        {
            case 0 when node.Input.Count > 0:
                node.Input.RemoveAt(random.NextInt32(node.Input.Count));
                break;
            case 1:
                node.Name = random.NextInt32(2) == 0 ? Any(graph.Node).Name : node.Name + "x";
                break;
            case 2 or 3 when node.Input.Count > 0:
                node.Input[random.NextInt32(node.Input.Count)] = Reference(graph);
                break;
            case 4:
                node.Input.Insert(random.NextInt32(node.Input.Count + 1), Reference(graph));
                break;
            case 5:
                node.Op = Any(Operators);
                break;
            case 6 when node.Attr.Count > 0:
                node.Attr.Remove(Any([.. node.Attr.Keys]));
                break;
            case 7:
                node.Attr[node.Attr.Count > 0 && random.NextInt32(4) > 0 ? Any([.. node.Attr.Keys]) : Any(AttributeNames)] = Value(graph);
                break;
            case 8:
                graph.Node.RemoveAt(random.NextInt32(graph.Node.Count));
                break;
            case 9:
                var copy = node.Clone();
                copy.Name += "_copy";
                graph.Node.Insert(random.NextInt32(graph.Node.Count + 1), copy);
                break;
            case 10:
                // The inputs of another node: the numbers and shapes fit less often.
                var inputs = Any(graph.Node).Input.ToArray();
                node.Input.Clear();
                node.Input.Add(inputs);
                break;
            default:
                Damage(Any([.. graph.Node.Where(n => n.Attr.Count > 0).DefaultIfEmpty(node)]));
                break;
        }
    }

    /// <summary>Damages a file: flips bits, cuts it short, leaves out, doubles or overwrites parts, or sets it together from two.</summary>
    public byte[] Mutate(byte[] file, byte[] other)
    {
        var (from, to) = (random.NextInt32(file.Length), random.NextInt32(file.Length));
        (from, to) = (Math.Min(from, to), Math.Max(from, to));
        var changed = file.ToArray();
        switch (random.NextInt32(7))
        {
            case 0:
                for (var i = random.NextInt32(8); i >= 0; i--)
                    changed[random.NextInt32(changed.Length)] ^= (byte)(1 << random.NextInt32(8));
                return changed;
            case 1:
                return file[..from];
            case 2:
                return [.. file[..from], .. file[to..]];
            case 3:
                return [.. file[..to], .. file[from..]];
            case 4:
                changed[from] = (byte)random.NextInt32(256);
                return changed;
            case 5:
                return [.. file[..from], .. other[random.NextInt32(other.Length)..]];
            default:
                return [.. file[..from], 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, .. file[from..]];
        }
    }

    private void Damage(NodeDef node)
    {
        if (node.Attr.Count == 0)
            return;
        var value = node.Attr[Any([.. node.Attr.Keys])];
        switch (value.ValueCase)
        {
            case AttrValue.ValueOneofCase.List when value.List.I.Count > 0:
                value.List.I[random.NextInt32(value.List.I.Count)] = Any(Sizes);
                break;
            case AttrValue.ValueOneofCase.I:
                value.I = Any(Sizes);
                break;
            case AttrValue.ValueOneofCase.F:
                value.F = Any(Reals);
                break;
            case AttrValue.ValueOneofCase.B:
                value.B = !value.B;
                break;
            case AttrValue.ValueOneofCase.S:
                value.S = ByteString.CopyFromUtf8(Any(Texts));
                break;
            case AttrValue.ValueOneofCase.Type:
                value.Type = Any(Types);
                break;
            case AttrValue.ValueOneofCase.Shape:
                Damage(value.Shape);
                break;
            case AttrValue.ValueOneofCase.Tensor:
                Damage(value.Tensor);
                break;
        }
    }

    private void Damage(ShapeDef? shape)
    {
        if (shape is null || random.NextInt32(4) == 0)
            shape?.Dim.Insert(random.NextInt32(shape.Dim.Count + 1), new ShapeDef.Types.Dim { Size = Any(Sizes) });
        else if (random.NextInt32(5) == 0)
            shape.UnknownRank = !shape.UnknownRank;
        else if (shape.Dim.Count > 0 && random.NextInt32(4) == 0)
            shape.Dim.RemoveAt(random.NextInt32(shape.Dim.Count));
        else if (shape.Dim.Count > 0)
            Any(shape.Dim).Size = Any(Sizes);
    }

    private void Damage(TensorDef tensor)
    {
        switch (random.NextInt32(7))
        {
            case 0:
                tensor.Dtype = Any(Types);
                break;
            case 1 or 2:
                Damage(tensor.TensorShape);
                break;
            case 3:
                tensor.TensorContent = ByteString.CopyFrom(new byte[random.NextInt32(64)]);
                break;
            case 4:
                tensor.FloatVal.Add(Any(Reals));
                break;
            case 5:
                tensor.IntVal.Add((int)Any(Sizes));
                break;
            default:
                if (tensor.IntVal.Count > 0)
                    tensor.IntVal[random.NextInt32(tensor.IntVal.Count)] = (int)Any(Sizes);
                else
                    tensor.Int64Val.Add(Any(Sizes));
                break;
        }
    }

    private AttrValue Value(GraphDef graph) => random.NextInt32(8) switch
    {
        0 => new() { I = Any(Sizes) },
        1 => new() { F = Any(Reals) },
        2 => new() { S = ByteString.CopyFromUtf8(Any(Texts)) },
        3 => new() { B = random.NextInt32(2) == 0 },
        4 => new() { Type = Any(Types) },
        5 => new() { Shape = Graphs.Shape(Any(Sizes), Any(Sizes)) },
        6 => new() { List = new() { I = { Any(Sizes), Any(Sizes), Any(Sizes), Any(Sizes) } } },
        _ => Any([.. graph.Node.SelectMany(node => node.Attr.Values).DefaultIfEmpty(new AttrValue())]).Clone(),
    };

    private string Reference(GraphDef graph) => random.NextInt32(8) switch
    {
        0 => Any(graph.Node).Name + ":1",
        1 => "^" + Any(graph.Node).Name,
        2 when random.NextInt32(4) == 0 => "nowhere",
        _ => Any(graph.Node).Name,
    };

    private T Any<T>(IReadOnlyList<T> items) => items[random.NextInt32(items.Count)];
}
