namespace MLNetTransfer.Backbones.TensorFlow;

/// <summary>Changes the shape of tensors without moving a number: a transposition is done to the weights that follow, or not at all.</summary>
internal static class Layout
{
    /// <summary>The tensor stored in a given order of dimensions.</summary>
    /// <exception cref="TransferException">Numbers would have to move.</exception>
    public static Activation Arrange(Step step, Activation tensor, int[] order)
    {
        if (tensor.Order.SequenceEqual(order))
            return tensor;
        var wanted = new Activation(tensor.Tensor, tensor.Shape, order) { Blocks = tensor.Blocks };
        if (!NonUnit(tensor.Shape, tensor.Order).SequenceEqual(NonUnit(tensor.Shape, order)))
            throw CannotMove(step, tensor.Shape, tensor.Shape);
        if (wanted.Stored.SequenceEqual(tensor.Stored))
            return wanted;
        var reshaped = step.EmitPart("arranged", "Reshape", [tensor.Tensor, ShapeOf(step, wanted.Stored)]);
        return new Activation(reshaped, tensor.Shape, order);
    }

    /// <summary>The tensor as the result of a step that gives it another shape.</summary>
    /// <param name="step">The step: Reshape, Squeeze or ExpandDims.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="shape">The new shape in TensorFlow's order, batch first, of as many values.</param>
    public static Activation Reshape(Step step, Activation tensor, int[] shape)
    {
        step.Check(shape);
        if (shape.SequenceEqual(tensor.Shape))
            return tensor;
        if (tensor.Flattened is { } map)
            return shape.SequenceEqual([Activation.Batch, .. map])
                ? Emit(step, tensor, new Activation(step.Name, shape, Activation.ChannelsFirst))
                : throw CannotMove(step, tensor.Shape, shape);

        var (before, after) = (NonUnit(tensor.Shape, tensor.Order), Enumerable.Range(0, shape.Length).Where(axis => shape[axis] != 1).ToArray());
        var isPlain = before.SequenceEqual(before.Order());
        if (!isPlain && shape.Length == 2 && tensor.Rank == 4)
            return Emit(step, tensor, new Activation(step.Name, shape, [0, 1]) { Flattened = tensor.Shape[1..] });
        // Only dimensions of 1 come and go: those that stay keep their stored order.
        var isSame = before.Order().Select(axis => tensor.Shape[axis]).SequenceEqual(after.Select(axis => shape[axis]));
        if (!isPlain && !isSame)
            throw CannotMove(step, tensor.Shape, shape);
        var kept = isPlain ? after : [.. before.Select(axis => after[Array.IndexOf(before.Order().ToArray(), axis)])];
        int[] plain = Activation.Plain(shape.Length);
        int[][] candidates = [shape.Length == 4 ? Activation.ChannelsFirst : plain, plain, [.. kept, .. plain.Except(kept)]];
        return Emit(step, tensor, new Activation(step.Name, shape, candidates.First(order => NonUnit(shape, order).SequenceEqual(kept))));
    }

    /// <summary>The stored order of the dimensions that are not 1, the batch among them.</summary>
    private static int[] NonUnit(int[] shape, int[] order) => [.. order.Where(axis => shape[axis] != 1)];

    private static Activation Emit(Step step, Activation tensor, Activation result)
    {
        if (result.Stored.SequenceEqual(tensor.Stored))
            return new Activation(tensor.Tensor, result.Shape, result.Order) { Flattened = result.Flattened };
        if (result.Rank == 2)
            step.Emit("Flatten", [tensor.Tensor], result.Shape, result.Order, OnnxLayers.Attribute("axis", 1L));
        else
            step.Emit("Reshape", [tensor.Tensor, ShapeOf(step, result.Stored)], result.Shape, result.Order);
        return result;
    }

    // 0 is ONNX's way to say "as many as the input has": the images.
    private static string ShapeOf(Step step, int[] stored) => step.Onnx.Integers(step.Name, "shape", [0, .. stored.Skip(1).Select(d => (long)d)]);

    private static TransferException CannotMove(Step step, int[] from, int[] to) => step.Fault(
        "keeps the channels of a map apart from its rows and columns", $"it turns {Constant.Text(from)} into {Constant.Text(to)}",
        "Such networks are not supported; with --output NAME the part before it can be imported.");
}
