using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetTransfer.Backbones.Onnx;

namespace MLNetTransfer.Torch.Adaptation;

/// <summary>
/// An adaptation method as a trainer of ML.NET: fitted to labelled rows of the source, it makes a model for the target it was given. The model consists of stock ML.NET
/// parts (for a deep method, its hidden layer is one of ONNX), so that an application opens it without this assembly. Made by <see cref="DomainAdaptationCatalog"/>.
/// </summary>
public sealed class DomainAdaptationEstimator : IEstimator<ITransformer>
{
    private const string HeadColumn = "Features";
    private readonly AdaptationMethod _method;
    private readonly IDataView _target;
    private readonly IDataView? _shots;
    private readonly string _labelColumn;
    private readonly string _featureColumn;
    private readonly AdaptationSettings _settings;
    private readonly bool _isBinary;

    internal DomainAdaptationEstimator(
        AdaptationMethod method, IDataView target, string labelColumn, string featureColumn, IDataView? shots, AdaptationSettings? settings, bool isBinary)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentException.ThrowIfNullOrEmpty(labelColumn);
        ArgumentException.ThrowIfNullOrEmpty(featureColumn);
        DomainRows.FeaturesOf(target, featureColumn, "target");
        if (shots is not null)
        {
            DomainRows.FeaturesOf(shots, featureColumn, "few labelled target rows");
            DomainRows.LabelOf(shots, labelColumn, "few labelled target rows");
        }
        (_method, _target, _shots, _labelColumn, _featureColumn, _settings, _isBinary) = (method, target, shots, labelColumn, featureColumn, settings ?? new AdaptationSettings(), isBinary);
    }

    /// <summary>Adapts. The same rows, method and settings give the same model.</summary>
    /// <param name="input">The labelled source.</param>
    /// <exception cref="TransferException">A column is missing or of another type, a label is missing, the number of classes is not that of the catalog, or the method does not apply.</exception>
    public ITransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        RequireFree(input.Schema.Where(column => !column.IsHidden).Select(column => column.Name));
        var source = DomainRows.ReadLabeled(input, _labelColumn, _featureColumn, "source", null);
        var shots = _shots is null ? null : DomainRows.ReadLabeled(_shots, _labelColumn, _featureColumn, "few labelled target rows", source.Classes);
        var problem = new AdaptationProblem(source, DomainRows.ReadUnlabeled(_target, _featureColumn, "target"), shots);
        if (_isBinary != (source.Classes.Count == 2))
            throw new TransferException(_isBinary
                ? $"BinaryClassification has 2 classes; received {Listed(source.Classes)}. Use mlContext.MulticlassClassification.Trainers."
                : $"MulticlassClassification has 3 or more classes here; received {Listed(source.Classes)}. Use mlContext.BinaryClassification.Trainers for two.");
        var model = _method.Adapt(problem, _settings);
        var head = FoldedHead.Of(model, source.Classes, new FeatureMatrix(0, source.Classes.Count, []), _settings.Seed).Transformer;
        return Around(head, FoldedHead.Layers(model.Map), input);
    }

    /// <summary>The shape of the schema after the model's columns have been added.</summary>
    /// <exception cref="TransferException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        RequireFree(inputSchema.Select(column => column.Name));
        DomainRows.RequireFeatures(inputSchema, _featureColumn);
        var isBoolean = DomainRows.RequireLabel(inputSchema, _labelColumn).ItemType is BooleanDataViewType;
        var transforms = new MLContext(_settings.Seed).Transforms;
        return _isBinary
            ? isBoolean
                ? transforms.CustomMapping<Nothing, Truth>((_, _) => { }, null).GetOutputSchema(inputSchema)
                : transforms.CustomMapping<Nothing, OneOfTwo>((_, _) => { }, null).GetOutputSchema(inputSchema)
            : transforms.CustomMapping<Nothing, OneOfMany>((_, _) => { }, null).GetOutputSchema(inputSchema);
    }

    /// <summary>The head, which reads 'Features', between what leads there (for a deep method the hidden layer) and what leads back.</summary>
    private TransformerChain<ITransformer> Around(ITransformer head, ModelProto? layers, IDataView input)
    {
        var transforms = new MLContext(_settings.Seed).Transforms;
        var (parts, view) = (new List<ITransformer>(), input);
        void Add(ITransformer part)
        {
            parts.Add(part);
            view = part.Transform(view);
        }

        string[] between = layers is null ? [] : [layers.Graph.Input[0].Name, layers.Graph.Output[0].Name];
        foreach (var name in between)
            if (input.Schema.GetColumnOrNull(name) is { IsHidden: false })
                throw new TransferException($"The hidden layer of '{_method.Name}' needs the column name '{name}' for itself; received a column of that name. Rename it.");
        if (layers is not null)
        {
            Add(transforms.CopyColumns(between[0], _featureColumn).Fit(view));
            Add(transforms.ApplyOnnxModel([between[1]], [between[0]], new MemoryStream(OnnxFile.Write(layers))).Fit(view));
        }
        if (layers is not null || _featureColumn != HeadColumn)
            Add(transforms.CopyColumns(HeadColumn, between is [_, var hidden] ? hidden : _featureColumn).Fit(view));
        Add(head);
        if (input.Schema[_labelColumn].Type is BooleanDataViewType)
            Add(transforms.Conversion.ConvertType("PredictedLabel", outputKind: DataKind.Boolean).Fit(view));
        if (layers is not null && _featureColumn == HeadColumn)
            Add(transforms.CopyColumns(HeadColumn, between[0]).Fit(view));
        string[] dropped = [.. between, .. _featureColumn == HeadColumn ? Array.Empty<string>() : [HeadColumn]];
        if (dropped.Length > 0)
            Add(transforms.DropColumns(dropped).Fit(view));
        return new TransformerChain<ITransformer>([.. parts]);
    }

    private void RequireFree(IEnumerable<string> names)
    {
        if (_featureColumn != HeadColumn && names.Contains(HeadColumn))
            throw new TransferException($"The model reads the column '{HeadColumn}'; received one of that name beside '{_featureColumn}'. Name '{HeadColumn}', or drop it before.");
    }

    private static string Listed(IReadOnlyList<string> classes) => classes.Count <= 10
        ? $"{classes.Count} ({string.Join(", ", classes)})"
        : $"{classes.Count} ({string.Join(", ", classes.Take(10))}, ...)";

    // What the model adds, for the shape of its schema.
    private sealed class Nothing;

    private sealed class OneOfTwo
    {
        public float Score { get; set; }
        public float Probability { get; set; }
        public string PredictedLabel { get; set; } = "";
    }

    private sealed class Truth
    {
        public float Score { get; set; }
        public float Probability { get; set; }
        public bool PredictedLabel { get; set; }
    }

    private sealed class OneOfMany
    {
        [VectorType(3)]
        public float[] Score { get; set; } = [];
        public string PredictedLabel { get; set; } = "";
    }
}
