using System.Diagnostics;
using System.Globalization;
using MLNetTransfer.Domains;
using MLNetTransfer.Torch.Adaptation;

namespace MLNetTransfer.Benchmarks;

/// <summary>
/// Adaptation methods on the SURF features of Office-Caltech10, by the two protocols that published tables use: (1) 20 source images a class (8 of dslr), 10 draws,
/// L. Gautheron's comparison; (2) all source images, J. Wang's. Rows are L1-normalised, then standardised in each domain; the classifier is one nearest neighbour.
/// </summary>
internal static class SurfBenchmark
{
    private static readonly string[] Domains = ["amazon", "caltech10", "dslr", "webcam"];
    private static readonly string[] Classes = [.. Enumerable.Range(1, 10).Select(label => label.ToString(CultureInfo.InvariantCulture))];

    public static int Run(IReadOnlyList<string> args, TextWriter output)
    {
        var folder = args.Count > 0 ? args[0] : throw new TransferException("Usage: -- surf FOLDER [1|2] [METHOD ...]; FOLDER holds amazon.mat, caltech10.mat, dslr.mat and webcam.mat.");
        var protocol = args.Count > 1 ? args[1] : "1";
        AdaptationMethod[] methods = args.Count > 2 ? [.. args.Skip(2).Select(AdaptationCatalog.Find)] : [.. AdaptationCatalog.Methods.Where(method => !method.NeedsShots)];
        var domains = Domains.ToDictionary(name => name, name => Read(Path.Combine(folder, name + ".mat")));
        var pairs = (from source in Domains from target in Domains where source != target select (source, target)).ToArray();
        var settings = new AdaptationSettings { Scaling = FeatureScaling.EachDomain, Classifier = new NearestNeighbourTrainer() };
        output.WriteLine($"| protocol {protocol} | {string.Join(" | ", pairs.Select(pair => $"{char.ToUpperInvariant(pair.source[0])}-{char.ToUpperInvariant(pair.target[0])}"))} | mean | seconds |");
        output.WriteLine($"| --- |{string.Concat(pairs.Select(_ => " ---: |"))} ---: | ---: |");
        foreach (var method in methods)
        {
            var clock = Stopwatch.StartNew();
            var means = new double[pairs.Length];
            for (var i = 0; i < pairs.Length; i++)
            {
                var (source, target) = (domains[pairs[i].source], domains[pairs[i].target]);
                var draws = protocol == "1" ? 10 : 1;
                for (var draw = 0; draw < draws; draw++)
                {
                    var rows = protocol == "1" ? Draw(source, pairs[i].source == "dslr" ? 8 : 20, RandomStream.Derive(draw, $"{pairs[i].source} for {pairs[i].target}")) : null;
                    var problem = new AdaptationProblem(rows is null ? source : source.Select(rows), target.WithoutLabels());
                    var probabilities = method.Adapt(problem, settings).Probabilities(target.Features);
                    means[i] += 100.0 / draws * Enumerable.Range(0, target.Labels.Count)
                        .Count(row => System.Numerics.Tensors.TensorPrimitives.IndexOfMax(probabilities.Row(row)) == target.Labels[row]) / target.Labels.Count;
                }
            }
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {method.Name} | {string.Join(" | ", means.Select(mean => mean.ToString("0.0", CultureInfo.InvariantCulture)))} | {means.Average():0.0} | {clock.Elapsed.TotalSeconds:0} |"));
        }
        return 0;
    }

    private static int[] Draw(LabeledFeatures source, int each, RandomStream random)
    {
        int[] rows = [.. Enumerable.Range(0, source.Labels.Count)];
        random.Shuffle<int>(rows);
        return [.. rows.GroupBy(row => source.Labels[row]).OrderBy(group => group.Key).SelectMany(group => group.Take(each))];
    }

    private static LabeledFeatures Read(string path)
    {
        var matrices = MatFile.Read(path);
        var (rows, columns, values) = matrices["fts"];
        var features = new float[rows * columns];
        for (var row = 0; row < rows; row++)
        {
            var sum = 0d;
            for (var column = 0; column < columns; column++)
                sum += values[(column * rows) + row];
            for (var column = 0; column < columns; column++)
                features[(row * columns) + column] = (float)(values[(column * rows) + row] / sum);
        }
        return new LabeledFeatures(new FeatureMatrix(rows, columns, features), [.. matrices["labels"].Values.Select(label => (int)label - 1)], Classes);
    }
}
