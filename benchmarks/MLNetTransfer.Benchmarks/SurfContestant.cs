using System.Numerics.Tensors;
using MLNetTransfer.Domains;
using MLNetTransfer.Torch.Adaptation;
using MLNetTransfer.Torch.Adaptation.Methods;

namespace MLNetTransfer.Benchmarks;

/// <summary>A method with the hyper-parameters of a published table, and the mean over the 12 pairs that the table gives.</summary>
/// <param name="Method">The method.</param>
/// <param name="PublishedMean">Percent; null where the table does not have it.</param>
/// <param name="HasUnitRows">
/// Whether rows have length 1 before the method and before the classifier, as in J. Wang's code for tca and jda: for a nearest neighbour the latter is the cosine.
/// </param>
/// <param name="IsLinear">Whether the classifier is logistic regression.</param>
internal sealed record SurfContestant(AdaptationMethod Method, double? PublishedMean = null, bool HasUnitRows = false, bool IsLinear = false)
{
    /// <summary>One strength for all: a choice by cross-validation would take 25 times as long.</summary>
    public static ClassifierTrainer Logistic { get; } = new LogisticTrainer { L2Grid = [.1] };

    public string Label => HasUnitRows ? Method.Name + ", unit rows" : Method.Name;

    public ClassifierTrainer Classifier => IsLinear ? Logistic : new NearestNeighbourTrainer { IsCosine = HasUnitRows };

    /// <summary>The contestants of a protocol: those published first, then every other method of the catalog, with its defaults. Names choose among them.</summary>
    public static IReadOnlyList<SurfContestant> Of(int protocol, IReadOnlyList<string> names)
    {
        foreach (var name in names)
            if (name != "published")
                AdaptationCatalog.Find(name);
        if (protocol == 3)
            return [.. AdaptationCatalog.Methods.Where(method => names.Count == 0 || names.Contains(method.Name)).Select(method => new SurfContestant(method, IsLinear: true))];
        SurfContestant[] published = protocol == 1
            ?
            [
                new(new SourceOnly(), 28.1),
                new(new SubspaceAlignment { Dimensions = 80 }, 40.2),
                new(new TransferComponents { Dimensions = 80 }, 39.5),
                new(new SinkhornTransport { Regularisation = 2, GroupWeight = 1 }, 41.0),
                new(new Coral { Regularisation = 1 }, 37.3),
            ]
            :
            [
                new(new SourceOnly(), 31.4),
                new(new GeodesicFlow { Dimensions = 30 }, 43.1),
                new(new TransferComponents { Dimensions = 30 }, 46.2, HasUnitRows: true),
                new(new JointDistribution { Dimensions = 30 }, 46.8, HasUnitRows: true),
                new(new BalancedDistribution { Dimensions = 30 }, null, HasUnitRows: true),
            ];
        var others = AdaptationCatalog.Methods.Where(method => !method.NeedsShots && published.All(contestant => contestant.Method.Name != method.Name));
        return [.. published.Where(contestant => names.Count == 0 || names.Contains("published") || names.Contains(contestant.Method.Name)),
            .. others.Where(method => names.Count == 0 || names.Contains(method.Name)).Select(method => new SurfContestant(method))];
    }

    public LabeledFeatures Prepared(LabeledFeatures features)
    {
        if (!HasUnitRows)
            return features;
        var values = new float[features.Features.Rows * features.Features.Columns];
        for (var row = 0; row < features.Features.Rows; row++)
        {
            var scaled = values.AsSpan(row * features.Features.Columns, features.Features.Columns);
            TensorPrimitives.Divide(features.Features.Row(row), TensorPrimitives.Norm(features.Features.Row(row)), scaled);
        }
        return new LabeledFeatures(new FeatureMatrix(features.Features.Rows, features.Features.Columns, values), features.Labels, features.Classes);
    }
}
