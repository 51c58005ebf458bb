using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MLNetTransfer.Backbones;
using MLNetTransfer.Domains;
using MLNetTransfer.Torch.Adaptation;

namespace MLNetTransfer.Torch.Experiments;

/// <summary>
/// A SHA-256 over everything that determines the records of a case: the images (their files and their features, which hold the network and the machine in them), labels of the
/// source and of the few shots, the backbone, its cut, the seed, the settings, and this build of the library. Each part is hashed for itself, so that no byte can move into its
/// neighbour.
/// </summary>
internal sealed class CaseKey
{
    private readonly byte[] _case;

    public CaseKey(ExperimentCase item, BackboneCut network, AdaptationSettings settings, double? l2)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Part(ReadOnlySpan<byte> bytes) => hash.AppendData(SHA256.HashData(bytes));
        void Text(string text) => Part(Encoding.UTF8.GetBytes(text));
        Text(Builds);
        Text(network.Backbone.Sha256);
        Part(network.Onnx);
        Text(network.Backbone.Preprocessing.ToJson());
        Text(network.Cut.Name);
        Text(FormattableString.Invariant($"{item.Seed} {settings.Seed} {settings.Scaling} {settings.Classifier.Name} {l2:R} {item.IsTransductive}"));
        Text(string.Join('\n', item.Hashes));
        var problem = item.Problem(hasShots: true);
        foreach (var (features, labels) in new (FeatureMatrix, IReadOnlyList<int>)[]
        {
            (problem.Source.Features, problem.Source.Labels), (problem.Target.Features, []), (problem.Shots?.Features ?? new FeatureMatrix(0, 1, []), problem.Shots?.Labels ?? []),
            (item.Truth.Test.Features, []),
        })
        {
            for (var row = 0; row < features.Rows; row++)
                Part(MemoryMarshal.AsBytes(features.Row(row)));
            Text(string.Join(' ', labels));
        }
        Text(string.Join('\n', problem.Source.Classes));
        _case = hash.GetHashAndReset();
    }

    /// <summary>This build of the library and of what it computes with: another one may give other bits.</summary>
    private static string Builds { get; } = string.Join(' ', new[] { typeof(CaseKey), typeof(LabeledFeatures), typeof(TorchSharp.torch) }.Select(BuildOf));

    /// <summary>The key of a method with its hyper-parameters.</summary>
    public string Of(AdaptationMethod method) => Of("method", method.GetType().FullName!, BuildOf(method.GetType()), $"{method}");

    /// <summary>The key of a classifier that is trained on labels of the target.</summary>
    public string Of(string reference, params IEnumerable<LabeledFeatures?> labelled) =>
        Of([reference, .. labelled.Select(part => part is null ? "" : string.Join(' ', part.Labels))]);

    private static string BuildOf(Type type) => $"{type.Assembly.GetName().Version} {type.Module.ModuleVersionId}";

    private string Of(params IEnumerable<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_case);
        foreach (var part in parts)
            hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(part)));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
