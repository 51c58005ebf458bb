using MLNetTransfer.Backbones.Onnx;
using static TorchSharp.torch;

namespace MLNetTransfer.Torch.Pretraining;

/// <summary>Reads what <see cref="NetworkExport"/> wrote back into a network, which then trains on.</summary>
internal static class NetworkImport
{
    /// <summary>As the other overload, from a file.</summary>
    /// <exception cref="TransferException">The file cannot be read, or holds another network.</exception>
    public static void Restore(ResidualNetwork network, string path) => Restore(network, OnnxFile.ReadBytes(path), path);

    /// <summary>
    /// Takes over all layers, and the rows of the classifier that both have: a run with things knows the same formulas as one without, and
    /// counts the things after them. Statistics of normalisation are not in the file; the next batch sets them, and the layers compute what those of the file do.
    /// </summary>
    /// <param name="network">The network that takes them.</param>
    /// <param name="onnx">The bytes of the file.</param>
    /// <param name="path">What it is called.</param>
    /// <exception cref="TransferException">The file holds another network.</exception>
    public static void Restore(ResidualNetwork network, byte[] onnx, string path)
    {
        var tensors = OnnxFile.Parse(onnx, path).Graph.Initializer.DistinctBy(tensor => tensor.Name).ToDictionary(tensor => tensor.Name);
        Unfold(network.Stem, "stem_conv");
        foreach (var block in network.Stages)
        {
            Unfold(block.First, $"{block.GetName()}_first");
            Unfold(block.Second, $"{block.GetName()}_second");
            if (block.Shortcut is not null)
                Unfold(block.Shortcut, $"{block.GetName()}_shortcut");
        }

        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var (weight, bias) = (network.Classifier.weight!, network.Classifier.bias!);
        var known = Math.Min(weight.shape[0], Find("classifier_bias").Dims.FirstOrDefault());
        weight.narrow(0, 0, known).copy_(tensor(Values("classifier_weight", -1, weight.shape[1])).view(-1, weight.shape[1]).narrow(0, 0, known));
        bias.narrow(0, 0, known).copy_(tensor(Values("classifier_bias", -1)).narrow(0, 0, known));

        void Unfold(ConvolutionUnit unit, string name) => unit.Unfold(Values($"{name}_weight", unit.Weight.shape), Values($"{name}_bias", unit.Weight.shape[0]));

        TensorProto Find(string name) => tensors.GetValueOrDefault(name) ?? throw Other($"it has no tensor '{name}'");

        // A length of -1 is any.
        float[] Values(string name, params long[] shape)
        {
            var found = Find(name);
            return found.Dims.Count == shape.Length && found.Dims.Zip(shape).All(pair => pair.Second < 0 || pair.First == pair.Second) && found.FloatValues(int.MaxValue) is { } values
                ? values
                : throw Other($"its tensor '{name}' is {string.Join('x', found.Dims)}, wanted {string.Join('x', shape)}");
        }

        TransferException Other(string received) =>
            new($"A run starts from a backbone that an earlier run of pretraining made; '{path}' is another network: {received}. Give another file.");
    }
}
