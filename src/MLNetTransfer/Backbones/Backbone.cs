using System.Security.Cryptography;
using System.Text;
using MLNetTransfer.Backbones.Onnx;
using MLNetTransfer.Backbones.Onnx.Shapes;
using MLNetTransfer.Images;

namespace MLNetTransfer.Backbones;

/// <summary>A pretrained network as data: its graph, how pictures are fed to it, where it can be cut, its licence. Immutable.</summary>
public sealed class Backbone
{
    internal const string NoLicence = "not stated";
    private const string EmbeddedName = "formula-resnet";
    private static readonly Lazy<Backbone> LazyEmbedded = new(LoadEmbedded);

    private readonly ModelProto _model;
    private readonly ImageInput _input;
    private readonly Dictionary<string, TensorShape> _shapes;

    private Backbone(ModelProto model, string sha256, BackboneDescription? description, string source)
    {
        _model = model;
        _input = ImageInput.Find(model.Graph, description?.Preprocessing.Layout, source);
        Sha256 = sha256;
        Name = description?.Name ?? Path.GetFileNameWithoutExtension(source);
        Licence = description?.Licence ?? NoLicence;
        (Preprocessing, PreprocessingIsAssumed) = description is null ? PreprocessingGuess.Of(model, _input, source) : (description.Preprocessing, false);
        CheckInput(source);

        var declared = model.Graph.ValueInfo.Where(value => value.Type?.TensorType is not null).GroupBy(value => value.Name).ToDictionary(same => same.Key, same => same.First().Type.TensorType);
        DynamicBatch.Apply(model.Graph, _input, Preprocessing);
        var shapes = ShapeInference.Of(model.Graph, _input.Name, _input.ShapeOf(Preprocessing), _input.Layout == TensorLayout.Nhwc, declared);
        var isDescribed = description is { Cuts.Count: > 0 };
        var cuts = isDescribed ? description!.Cuts : AutomaticCuts.Find(model.Graph, shapes, _input.Name, source);
        _shapes = CutTensors.Find(model.Graph, shapes, cuts.SelectMany(cut => cut.Tensors).Distinct(), source);
        (Cuts, Parameters, MultiplyAdds) = CutTensors.Measure(model.Graph, shapes, cuts, _shapes, isNested: !isDescribed, source);
        DefaultCut = Cuts.FirstOrDefault(cut => cut.Name == (isDescribed ? description!.DefaultCut : Cut.Last)) ?? Cuts[^1];
    }

    /// <summary>The backbone that comes with this library: pretrained by this project on images rendered from formulas.</summary>
    /// <exception cref="TransferException">The library was built without it.</exception>
    public static Backbone Embedded => LazyEmbedded.Value;

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>The SHA-256 of the whole ONNX file, in lower-case hexadecimal.</summary>
    public string Sha256 { get; }

    /// <summary>The licence of its weights; "not stated" when it came without a description.</summary>
    public string Licence { get; }

    /// <summary>The name of its image input.</summary>
    public string InputName => _input.Name;

    /// <summary>How a picture becomes the tensor it expects.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>
    /// Whether the preprocessing is only the usual one (mean and deviation of ImageNet): neither a description nor the graph says what the
    /// network was trained on. If it is wrong, features are worse without any error.
    /// </summary>
    public bool PreprocessingIsAssumed { get; }

    /// <summary>
    /// Where it can be cut, from input to output; one or more. Without described cuts: after every layer or block that the whole network passes
    /// through, its normalisation and activation included; the features that feed the classifier, called "last"; the logits.
    /// </summary>
    public IReadOnlyList<Cut> Cuts { get; }

    /// <summary>The learnt weights of the whole network, classifier included; see <see cref="Cut.Parameters"/>.</summary>
    public long Parameters { get; }

    /// <summary>The multiply-adds of the whole network for one image, classifier included; see <see cref="Cut.MultiplyAdds"/>.</summary>
    public long MultiplyAdds { get; }

    /// <summary>The cut to use when none is asked for.</summary>
    public Cut DefaultCut { get; }

    /// <summary>
    /// Loads FILE.onnx with its description, FILE.json, when that is beside it. Without one: RGB, the side its input declares, ImageNet mean
    /// and deviation unless the graph normalises its image itself, and the cuts that are found in the graph.
    /// </summary>
    /// <param name="onnxPath">The ONNX file, smaller than 2 GiB, operator sets 7 to 22, all weights inside.</param>
    /// <exception cref="TransferException">The file or its description cannot be used; the message says why.</exception>
    public static Backbone Load(string onnxPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(onnxPath);
        var onnx = OnnxFile.ReadBytes(onnxPath);
        var descriptionPath = Path.ChangeExtension(onnxPath, ".json");
        var description = File.Exists(descriptionPath)
            ? BackboneDescription.FromJson(Encoding.UTF8.GetString(OnnxFile.ReadBytes(descriptionPath)), descriptionPath)
            : null;
        return FromBytes(onnx, description, onnxPath);
    }

    /// <summary>Takes a backbone from memory.</summary>
    /// <param name="onnx">The whole ONNX file.</param>
    /// <param name="description">What the file does not say; null for the assumptions of <see cref="Load"/>.</param>
    /// <param name="name">What to call it without a description, and in messages.</param>
    /// <exception cref="TransferException">It cannot be used; the message says why.</exception>
    public static Backbone FromBytes(byte[] onnx, BackboneDescription? description, string name)
    {
        ArgumentNullException.ThrowIfNull(onnx);
        ArgumentException.ThrowIfNullOrEmpty(name);
        description?.Check(name);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(onnx));
        if (description?.Sha256 is { } expected && !expected.Equals(sha256, StringComparison.OrdinalIgnoreCase))
            throw new TransferException(
                $"The SHA-256 of '{name}' must be {expected}, as its description says; it is {sha256}. " +
                "The file was altered or belongs to another description.");
        return new Backbone(OnnxFile.Parse(onnx, name), sha256, description, name);
    }

    /// <summary>The cut of a name; "last" is <see cref="DefaultCut"/>.</summary>
    /// <exception cref="TransferException">There is none of that name; the message lists those there are.</exception>
    public Cut FindCut(string name) =>
        name == Cut.Last ? DefaultCut
        : Cuts.FirstOrDefault(cut => cut.Name == name)
        ?? throw new TransferException(
            $"The cuts of {Name} are {string.Join(", ", Cuts.Select(cut => cut.Name).Prepend(Cut.Last).Distinct())}; received '{name}'. " +
            "Choose one of them.");

    /// <summary>Ends the network at a cut.</summary>
    /// <param name="cut">One of <see cref="Cuts"/>.</param>
    /// <exception cref="ArgumentException">The cut is of another backbone.</exception>
    public BackboneCut CutAt(Cut cut)
    {
        ArgumentNullException.ThrowIfNull(cut);
        if (!Cuts.Contains(cut))
            throw new ArgumentException($"The cut '{cut.Name}' is of another backbone.", nameof(cut));
        return CutAtTensors(cut);
    }

    internal BackboneCut CutAtTensors(Cut cut)
    {
        var model = Pruned(cut.Tensors);
        var output = GraphCut.AppendFeatures(model.Graph, [.. cut.Tensors.Select(tensor => _shapes[tensor])]);
        return new BackboneCut(this, cut, OnnxFile.Write(model), _input.Name, output);
    }

    /// <summary>
    /// The same network untrained: what it is worth without the knowledge to be transferred. Weights are He-normal draws, biases 0.
    /// </summary>
    /// <param name="seed">The same seed gives the same weights.</param>
    /// <exception cref="TransferException">A layer's weights are computed inside the graph, not stored in it.</exception>
    public Backbone WithRandomWeights(int seed)
    {
        var model = RandomWeights.Draw(Pruned([.. _shapes.Keys]), seed, Name);
        var description = new BackboneDescription
        {
            Name = FormattableString.Invariant($"{Name} with random weights {seed}"),
            Licence = Licence,
            Preprocessing = Preprocessing,
            Cuts = [.. Cuts.Select(cut => new CutDescription { Name = cut.Name, Tensors = cut.Tensors })],
            DefaultCut = DefaultCut.Name,
        };
        return new Backbone(model, Convert.ToHexStringLower(SHA256.HashData(OnnxFile.Write(model))), description, description.Name);
    }

    /// <summary>The number of features a tensor of one of the cuts has.</summary>
    internal int ChannelsOf(string tensor) => _shapes[tensor].Channels;

    private static Backbone LoadEmbedded()
    {
        var onnx = Resource(EmbeddedName + ".onnx");
        var description = BackboneDescription.FromJson(Encoding.UTF8.GetString(Resource(EmbeddedName + ".json")), EmbeddedName + ".json");
        return FromBytes(onnx, description, EmbeddedName + ".onnx");
    }

    private static byte[] Resource(string name)
    {
        using var stream = typeof(Backbone).Assembly.GetManifestResourceStream(name)
            ?? throw new TransferException(
                $"The embedded backbone is in models/{name} when the library is built; this build was made without that file. " +
                "Give an ONNX file instead, or build again with it.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private void CheckInput(string source)
    {
        var (channels, side) = (_input.Channels ?? Preprocessing.Channels, _input.Side ?? Preprocessing.Side);
        if (channels != Preprocessing.Channels || side != Preprocessing.Side || _input.Layout != Preprocessing.Layout)
            throw new TransferException(
                $"Preprocessing makes the images that the network takes; '{source}' takes {Text(_input.Layout, channels, side)} and its description " +
                $"makes {Text(Preprocessing.Layout, Preprocessing.Channels, Preprocessing.Side)}. Correct side, order or layout in the description.");

        static string Text(TensorLayout layout, int channels, int side) =>
            layout == TensorLayout.Nchw ? $"{channels} x {side} x {side} (nchw)" : $"{side} x {side} x {channels} (nhwc)";
    }

    private ModelProto Pruned(IReadOnlyCollection<string> tensors) => GraphCut.Prune(_model, tensors);
}
