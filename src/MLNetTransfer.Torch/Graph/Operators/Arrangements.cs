using TorchSharp;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Graph.Operators;

/// <summary>Operators that move values without changing them.</summary>
internal static class Arrangements
{
    public static IEnumerable<KeyValuePair<string, Func<OperatorNode, Operator>>> All { get; } = new Dictionary<string, Func<OperatorNode, Operator>>
    {
        ["Identity"] = _ => OperatorCatalog.Of(x => x.alias()),
        ["Dropout"] = _ => OperatorCatalog.Of(x => x.alias()),
        ["Flatten"] = Flatten,
        ["Reshape"] = Reshape,
        ["Transpose"] = node => OperatorCatalog.Of(x => x.permute(node.Ints("perm") ?? [.. Enumerable.Range(0, (int)x.dim()).Reverse().Select(axis => (long)axis)])),
        ["Concat"] = node => { var axis = node.Int("axis", 0); return inputs => [cat([.. inputs.Select(input => input!)], axis)]; },
        ["Squeeze"] = Squeeze,
        ["Unsqueeze"] = Unsqueeze,
        ["Shape"] = _ => OperatorCatalog.Of(x => from_array(x.shape)),
        ["Gather"] = Gather,
        ["Slice"] = Slice,
        ["Split"] = Split,
        ["Pad"] = Pad,
        ["Expand"] = _ => inputs => [inputs[0]!.mul(ones(inputs[1]!.data<long>().ToArray()))],
        ["DepthToSpace"] = node => node.Text("mode", "DCR") == "CRD"
            ? OperatorCatalog.Of(x => nn.functional.pixel_shuffle(x, node.Int("blocksize", 1)))
            : throw node.Fault("puts depth before columns"),
    };

    private static Operator Flatten(OperatorNode node)
    {
        var axis = node.Int("axis", 1);
        return OperatorCatalog.Of(x =>
        {
            var first = (int)(axis < 0 ? axis + x.dim() : axis);
            return x.reshape(x.shape[..first].Aggregate(1L, (product, size) => product * size), -1);
        });
    }

    private static Operator Reshape(OperatorNode node)
    {
        var keepsZero = node.Int("allowzero", 0) != 0;
        return inputs =>
        {
            var (x, shape) = (inputs[0]!, inputs[1]!.data<long>().ToArray());
            for (var axis = 0; axis < shape.Length && !keepsZero; axis++)
                if (shape[axis] == 0)
                    shape[axis] = x.shape[axis];
            return [x.reshape(shape)];
        };
    }

    private static Operator Squeeze(OperatorNode node)
    {
        var axes = node.Numbers(1, "axes");
        return OperatorCatalog.Of(x => axes is null
            ? x.squeeze()
            : axes.Select(axis => axis < 0 ? axis + x.dim() : axis).OrderDescending().Aggregate(x, (squeezed, axis) => squeezed.squeeze(axis)));
    }

    private static Operator Unsqueeze(OperatorNode node)
    {
        var axes = node.Numbers(1, "axes") ?? throw node.Fault("does not say where its new axes go");
        return OperatorCatalog.Of(x => axes.Select(axis => axis < 0 ? axis + x.dim() + axes.Length : axis).Order()
            .Aggregate(x, (unsqueezed, axis) => unsqueezed.unsqueeze(axis)));
    }

    private static Operator Gather(OperatorNode node)
    {
        var axis = node.Int("axis", 0);
        return inputs =>
        {
            var (x, indices) = (inputs[0]!, inputs[1]!);
            var along = axis < 0 ? axis + x.dim() : axis;
            var size = x.shape[along];
            var flat = from_array(indices.data<long>().ToArray().Select(index => index < 0 ? index + size : index).ToArray());
            return [x.index_select(along, flat).reshape([.. x.shape[..(int)along], .. indices.shape, .. x.shape[(int)(along + 1)..]])];
        };
    }

    private static Operator Slice(OperatorNode node)
    {
        var (starts, ends) = (node.Numbers(1, "starts")!, node.Numbers(2, "ends")!);
        var axes = node.Numbers(3, "axes") ?? [.. Enumerable.Range(0, starts.Length).Select(axis => (long)axis)];
        var steps = node.Numbers(4, "steps") ?? [.. starts.Select(_ => 1L)];
        if (steps.Any(step => step < 1))
            throw node.Fault("runs backwards");
        return OperatorCatalog.Of(x =>
        {
            for (var i = 0; i < axes.Length; i++)
            {
                var axis = axes[i] < 0 ? axes[i] + x.dim() : axes[i];
                var size = x.shape[axis];
                x = x.slice(axis, Bound(starts[i], size), Bound(ends[i], size), steps[i]);
            }
            return x;
        });

        static long Bound(long index, long size) => Math.Clamp(index < 0 ? index + size : index, 0, size);
    }

    private static Operator Split(OperatorNode node)
    {
        var (axis, given, parts) = (node.Int("axis", 0), node.Numbers(1, "split"), node.Outputs);
        return inputs =>
        {
            var size = inputs[0]!.shape[(int)(axis < 0 ? axis + inputs[0]!.dim() : axis)];
            var part = (size + parts - 1) / parts;
            return inputs[0]!.split(given ?? [.. Enumerable.Range(0, parts).Select(i => Math.Min(part, size - i * part))], axis);
        };
    }

    private static Operator Pad(OperatorNode node)
    {
        if (node.Has(3))
            throw node.Fault("names the axes it pads");
        var (pads, value) = (node.Numbers(1, "pads") ?? throw node.Fault("does not say how much it pads"), node.Number(2, "value") ?? 0);
        var mode = node.Text("mode", "constant") switch
        {
            "constant" => PaddingModes.Constant,
            "reflect" => PaddingModes.Reflect,
            "edge" => PaddingModes.Replicate,
            _ => throw node.Fault("wraps around"),
        };
        var axes = pads.Length / 2;
        // libtorch names the last axis first. Reflection takes none that are not padded.
        var skip = mode == PaddingModes.Constant ? 0 : Enumerable.Range(0, axes).TakeWhile(axis => pads[axis] == 0 && pads[axis + axes] == 0).Count();
        long[] reversed = [.. Enumerable.Range(skip, axes - skip).Reverse().SelectMany(axis => new[] { pads[axis], pads[axis + axes] })];
        return OperatorCatalog.Of(x => nn.functional.pad(x, reversed, mode, value));
    }
}
