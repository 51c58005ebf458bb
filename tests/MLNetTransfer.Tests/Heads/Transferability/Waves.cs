namespace MLNetTransfer.Tests.Heads.Transferability;

/// <summary>Features made of a formula, so that the scripts behind the oracles make the same ones.</summary>
internal static class Waves
{
    /// <summary>sin(.37 i (j + 1) + .11 j) + offset, and <paramref name="shift"/> more where j is the label modulo the classes; labels i modulo the classes.</summary>
    public static (FeatureMatrix Features, int[] Labels) Of(int images, int features, int classes, double offset, double shift)
    {
        int[] labels = [.. Enumerable.Range(0, images).Select(i => i % classes)];
        var values = new float[images * features];
        for (var i = 0; i < images; i++)
            for (var j = 0; j < features; j++)
                values[i * features + j] = (float)(offset + Math.Sin(.37 * i * (j + 1) + .11 * j) + (j % classes == labels[i] ? shift : 0));
        return (new FeatureMatrix(images, features, values), labels);
    }
}
