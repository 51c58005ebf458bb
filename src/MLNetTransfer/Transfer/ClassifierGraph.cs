using Microsoft.ML;
using Microsoft.ML.Transforms;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Heads;
using MLNetTransfer.Images;
using Affine = Microsoft.ML.Transforms.NormalizingTransformer.AffineNormalizerModelParameters<System.Collections.Immutable.ImmutableArray<float>>;

namespace MLNetTransfer.Transfer;

/// <summary>Extends a graph from images to features into one from images to probabilities and a label. Everything added is in operator set 7 already.</summary>
internal sealed class ClassifierGraph(GraphProto graph)
{
    private readonly HashSet<string> _names = graph.Names();

    /// <summary>Calls the input "image", unless the graph uses that name inside.</summary>
    /// <returns>What it is called.</returns>
    public string NameInput()
    {
        var input = graph.FreeInputs().Single();
        _names.Remove(input.Name);
        var name = GraphCut.Unused(_names, "image");
        Rename(graph.Node, input.Name, name);
        input.Name = name;
        return name;
    }

    /// <summary>Lets a graph that takes [N, S, S, channels] take [N, channels, S, S], as every exported model does.</summary>
    public void TakeChannelsFirst(string input, Preprocessing preprocessing)
    {
        var channelsLast = GraphCut.Unused(_names, "channels_last");
        Rename(graph.Node, input, channelsLast);
        graph.Node.Insert(0, Node("Transpose", [input], channelsLast, Ints("perm", [0, 2, 3, 1])));
        ImageInput.Declare(graph.FreeInputs().Single(), preprocessing.Channels, preprocessing.Side, preprocessing.Side);
    }

    /// <summary>Writes out the kernel shapes of convolutions: ONNX lets a file leave them to the weights, OpenCV does not.</summary>
    public void StateKernels()
    {
        foreach (var node in graph.Node.Where(node => node.Is("Conv") && node.Find("kernel_shape") is null))
            if (graph.Initializer.FirstOrDefault(tensor => tensor.Name == node.Input[1]) is { } weights)
                node.Attribute.Add(Ints("kernel_shape", weights.Dims.Skip(2)));
    }

    /// <summary>Lets the graph take pixels of 0..255 and normalise them itself.</summary>
    public void TakePixels(string input, Preprocessing preprocessing)
    {
        var (mean, std) = (Values(preprocessing.Mean), Values(preprocessing.Std));
        long[] shape = [1, preprocessing.Channels, 1, 1];
        var (scaled, normalised) = (GraphCut.Unused(_names, "scaled"), GraphCut.Unused(_names, "normalised"));
        Rename(graph.Node, input, normalised);
        graph.Node.Insert(0, Node("Mul", [input, Floats("scale", [.. std.Select(s => (float)(1 / (255.0 * s)))], shape)], scaled));
        graph.Node.Insert(1, Node("Add", [scaled, Floats("shift", [.. mean.Zip(std, (m, s) => -m / s)], shape)], normalised));

        float[] Values(ChannelValues values) => preprocessing.Order switch
        {
            PixelOrder.Gray => [values.R],
            PixelOrder.Bgr => [values.B, values.G, values.R],
            _ => [values.R, values.G, values.B],
        };
    }

    /// <summary>
    /// Replaces the one output, features, by two: the probabilities [N, classes] and the index [N] of the class decided for. The features are
    /// centred before they are weighted, as folding their means into the bias would cost 32-bit floats their last digits.
    /// </summary>
    /// <returns>What the two are called.</returns>
    public (string Probabilities, string Label) AppendHead(LinearHead head, float[]? centre)
    {
        var (classes, features) = (head.Classes.Count, graph.Output.Single().Name);
        var (weights, biases) = Outputs(head);
        if (centre is not null)
        {
            for (var k = 0; k < classes; k++)
                for (var j = 0; j < head.Features; j++)
                    biases[k] += weights[(k * head.Features) + j] * centre[j];
            features = Add("Sub", [features, Floats("centre", centre, [1, head.Features])], "centred");
        }
        string[] linear = [features, Floats("weights", [.. weights.Select(w => (float)w)], [classes, head.Features]), Floats("biases", [.. biases.Select(b => (float)b)], [classes])];
        var scores = Add("Gemm", linear, "scores", Int("transB", 1));
        var probabilities = head.Positive is null ? Add("Softmax", [scores], "probabilities", Int("axis", 1)) : Add("Sigmoid", [scores], "probabilities");
        var label = Decide(head, probabilities);

        graph.Output.Clear();
        graph.Output.Add(new ValueInfoProto { Name = probabilities });
        ImageInput.Declare(graph.Output[0], classes);
        graph.Output.Add(new ValueInfoProto { Name = label });
        ImageInput.Declare(graph.Output[1]);
        graph.Output[1].Type.TensorType.ElemType = (int)TensorProto.Types.DataType.Int64;
        return (probabilities, label);
    }

    /// <summary>The means that the standardisation of a head subtracts; null when it subtracts none.</summary>
    public static float[]? CentreOf(ITransformer model) =>
        Flatten(model).OfType<NormalizingTransformer>().LastOrDefault()?.GetNormalizerModelParameters(0) is Affine { Offset.IsDefaultOrEmpty: false } affine ? [.. affine.Offset] : null;

    private static IEnumerable<ITransformer> Flatten(ITransformer model) => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];

    /// <summary>One linear output a class: of two classes, the other one's is the negative of the positive one's, as sigmoid(-s) = 1 - sigmoid(s).</summary>
    private static (double[] Weights, double[] Biases) Outputs(LinearHead head)
    {
        if (head.Positive is null)
            return (head.Weights.ToArray(), head.Biases.ToArray());
        var (weights, biases) = (head.Weights.ToArray(), head.Biases.ToArray());
        double[] negatedWeights = [.. weights.Select(w => -w)], negatedBiases = [.. biases.Select(b => -b)];
        return head.Positive == head.Classes[0]
            ? ([.. weights, .. negatedWeights], [.. biases, .. negatedBiases])
            : ([.. negatedWeights, .. weights], [.. negatedBiases, .. biases]);
    }

    /// <summary>The index of the most probable class; of two, by the threshold.</summary>
    private string Decide(LinearHead head, string probabilities)
    {
        if (head.Positive is null)
            return Add("ArgMax", [probabilities], "label", Int("axis", 1), Int("keepdims", 0));
        var isFirst = head.Positive == head.Classes[0];
        var index = GraphNodes.Int64s(GraphCut.Unused(_names, "positive"), isFirst ? 0 : 1);
        index.Dims.Clear();
        graph.Initializer.Add(index);
        var positive = Add("Gather", [probabilities, index.Name], "positive_probability", Int("axis", 1));
        var decided = Add("Less", [positive, Floats("threshold", [head.Threshold], [])], "below");
        return Add("Cast", [isFirst ? decided : Add("Not", [decided], "reached")], "label", Int("to", (int)TensorProto.Types.DataType.Int64));
    }

    private string Add(string type, string[] inputs, string output, params AttributeProto[] attributes)
    {
        var name = GraphCut.Unused(_names, output);
        graph.Node.Add(Node(type, inputs, name, attributes));
        return name;
    }

    private static NodeProto Node(string type, string[] inputs, string output, params AttributeProto[] attributes) =>
        new() { OpType = type, Input = { inputs }, Output = { output }, Attribute = { attributes } };

    private string Floats(string name, float[] values, long[] shape)
    {
        var tensor = new TensorProto { Name = GraphCut.Unused(_names, name), DataType = (int)TensorProto.Types.DataType.Float, Dims = { shape } };
        tensor.SetFloats(values);
        graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    private static AttributeProto Int(string name, long value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    private static AttributeProto Ints(string name, IEnumerable<long> values) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Ints, Ints = { values } };

    private static void Rename(IEnumerable<NodeProto> nodes, string from, string to)
    {
        foreach (var node in nodes)
        {
            for (var i = 0; i < node.Input.Count; i++)
                if (node.Input[i] == from)
                    node.Input[i] = to;
            foreach (var inner in node.Attribute.SelectMany(attribute => attribute.InnerGraphs()))
                Rename(inner.Node, from, to);
        }
    }
}
