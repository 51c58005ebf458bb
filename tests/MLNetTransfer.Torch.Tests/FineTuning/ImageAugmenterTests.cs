using MLNetTransfer.Images;
using MLNetTransfer.Torch.FineTuning;

namespace MLNetTransfer.Torch.Tests.FineTuning;

public sealed class ImageAugmenterTests
{
    private const int Side = 8;

    [Fact]
    public void Write_ViewNought_IsTheImage()
    {
        var image = Image(Preprocessing.ImageNet(Side));

        Assert.Equal(image, Views(new Augmentation { Flip = true, Transpose = true, Crop = 0.5, Colour = 0.5, Noise = 0.1 }, Preprocessing.ImageNet(Side), image, 1)[0]);
    }

    [Fact]
    public void Write_Turns_EightDifferentPosesEachOnce()
    {
        var image = Image(Preprocessing.ImageNet(Side));

        var views = Views(Augmentation.Turns, Preprocessing.ImageNet(Side), image, 8);

        Assert.Equal(8, views.Select(view => string.Join(' ', view)).Distinct().Count());
        Assert.All(views, view => Assert.Equal(image.Order(), view.Order()));
        Assert.Contains(views, view => Enumerable.Range(0, Side * Side).All(i => view[i] == image[(i % Side * Side) + (i / Side)])); // transposed
        Assert.Contains(views, view => Enumerable.Range(0, Side * Side).All(i => view[i] == image[Side * Side - 1 - i])); // half a turn
    }

    [Fact]
    public void Write_MirrorAlone_LeftAndRightChangePlaces()
    {
        var image = Image(Preprocessing.ImageNet(Side));

        var views = Views(new Augmentation(), Preprocessing.ImageNet(Side), image, 3);

        Assert.Equal([.. Enumerable.Range(0, image.Length).Select(i => image[(i / Side * Side) + Side - 1 - (i % Side)])], views[1]);
        Assert.Equal(image, views[2]);
    }

    [Fact]
    public void Write_ChannelsLast_TheSamePictures()
    {
        var (planar, last) = (Preprocessing.ImageNet(Side), Preprocessing.ImageNet(Side) with { Layout = TensorLayout.Nhwc });
        var augmentation = new Augmentation { Flip = true, Transpose = true, Crop = 0.5, Colour = 0.3 };
        var image = Image(planar);

        var expected = Views(augmentation, planar, image, 4);
        var actual = Views(augmentation, last, ToLast(image), 4);

        Assert.All(expected.Zip(actual), pair => Assert.Equal(ToLast(pair.First), pair.Second, (a, b) => Math.Abs(a - b) < 1e-5));
    }

    [Fact]
    public void Write_CropOfASlope_KeepsItsRangeAndSteepensNothing()
    {
        var preprocessing = Preprocessing.ImageNet(Side);
        float[] slope = [.. Enumerable.Range(0, preprocessing.TensorLength).Select(i => (float)(i % Side))];

        var views = Views(new Augmentation { Mirror = false, Crop = 0.5 }, preprocessing, slope, 20);

        // An enlarged slope is flatter: between the square root of a half and one.
        Assert.All(views.Skip(1), view =>
        {
            var rise = view[5] - view[2];
            Assert.InRange(rise / 3, Math.Sqrt(0.5) - 1e-5, 1 + 1e-5);
            Assert.InRange(view.Min(), 0, Side - 1 + 1e-5f);
            Assert.InRange(view.Max(), 0, Side - 1 + 1e-5f);
        });
        Assert.True(views.Select(view => view[3]).Distinct().Count() > 10);
    }

    [Fact]
    public void Write_Colour_ChangesGreyByBrightnessAlone()
    {
        // A picture of one grey has no contrast and no saturation.
        var preprocessing = new Preprocessing { Side = Side };
        float[] grey = [.. Enumerable.Repeat(0.5f, preprocessing.TensorLength)];

        var views = Views(new Augmentation { Mirror = false, Colour = 0.4 }, preprocessing, grey, 30).Skip(1).ToList();

        Assert.All(views, view => Assert.All(view, value => Assert.Equal(view[0], value, 1e-5f)));
        Assert.InRange(views.Min(view => view[0]), 0.3f, 0.4f);
        Assert.InRange(views.Max(view => view[0]), 0.6f, 0.7f);
    }

    [Fact]
    public void Write_Noise_HasTheDeviationAskedFor()
    {
        var preprocessing = Preprocessing.ImageNet(64);
        var view = Views(new Augmentation { Mirror = false, Noise = 0.1 }, preprocessing, new float[preprocessing.TensorLength], 2)[1];

        // In units of the normalised channel: .1 / .229 for red.
        var red = view[..(64 * 64)];
        Assert.Equal(0.1 / 0.229, Math.Sqrt(red.Average(value => value * value)), 0.02);
    }

    [Fact]
    public void Write_SeedAndImageAndView_DecideEverything()
    {
        var (preprocessing, augmentation) = (Preprocessing.ImageNet(Side), new Augmentation { Crop = 0.5, Colour = 0.2, Noise = 0.1 });
        var image = Image(preprocessing);
        float[] View(int seed, int number)
        {
            var result = new float[image.Length];
            new ImageAugmenter(augmentation, preprocessing, seed).Write(image, number, 3, result);
            return result;
        }

        Assert.Equal(View(1, 5), View(1, 5));
        Assert.NotEqual(View(1, 5), View(2, 5));
        Assert.NotEqual(View(1, 5), View(1, 6));
    }

    private static List<float[]> Views(Augmentation augmentation, Preprocessing preprocessing, float[] image, int count)
    {
        var augmenter = new ImageAugmenter(augmentation, preprocessing, seed: 1);
        return [.. Enumerable.Range(0, count).Select(view =>
        {
            var result = new float[image.Length];
            augmenter.Write(image, 7, view, result);
            return result;
        })];
    }

    private static float[] Image(Preprocessing preprocessing)
    {
        var random = RandomStream.Derive(1, "image");
        return [.. Enumerable.Range(0, preprocessing.TensorLength).Select(_ => (float)random.NextNormal())];
    }

    private static float[] ToLast(float[] planar) => [.. Enumerable.Range(0, planar.Length).Select(i => planar[(i % 3 * Side * Side) + (i / 3)])];
}
