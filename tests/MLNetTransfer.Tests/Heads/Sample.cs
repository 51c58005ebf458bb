namespace MLNetTransfer.Tests.Heads;

/// <summary>Small data sets for the tests of this folder.</summary>
internal static class Sample
{
    /// <summary>12 images of 3 classes (0, 1, 2, 0, ...) drawn once with numpy; the oracles of the tests are computed from these very numbers.</summary>
    public static FeatureMatrix Twelve { get; } = new(12, 4,
    [
        3.80f, 0.30f, -1.27f, 9.11f, 2.55f, -0.19f, -0.94f, 11.34f, 2.51f, -0.62f, 0.29f, 10.36f, 3.91f, -0.93f, -1.03f, 10.70f,
        1.66f, 0.34f, -2.90f, 8.71f, 1.16f, -0.24f, -1.47f, 10.27f, 3.96f, -0.19f, -3.52f, 9.46f, 2.95f, 0.91f, -2.53f, 9.52f,
        2.02f, -0.81f, 0.86f, 9.19f, 3.77f, 0.88f, -1.58f, 9.89f, 3.11f, 0.86f, -2.23f, 10.08f, 4.36f, -1.55f, 0.66f, 10.12f,
    ]);

    public static int[] TwelveLabels { get; } = [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2];

    /// <summary>Images whose classes overlap: a shift of one feature in a correlated cloud, as bottlenecks are.</summary>
    public static (FeatureMatrix Features, int[] Labels) Overlapping(int images, int features, int classes, double shift, int seed)
    {
        var random = new Random(seed);
        var labels = Enumerable.Range(0, images).Select(i => i % classes).ToArray();
        var values = new float[images * features];
        for (var i = 0; i < images; i++)
        {
            var common = Normal(random);
            for (var j = 0; j < features; j++)
                values[i * features + j] = (float)(Normal(random) + .5 * common + (j % classes == labels[i] && j < 2 * classes ? shift : 0));
        }
        return (new FeatureMatrix(images, features, values), labels);
    }

    public static int[] Singles(int images) => [.. Enumerable.Range(0, images)];

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
