using MLNetTransfer.Torch.Pretraining.Formulas;

namespace MLNetTransfer.Torch.Tests.Pretraining.Formulas;

public sealed class BodyPlanTests
{
    [Fact]
    public void Pose_ManyPlans_FillTheBoxAndStayInIt()
    {
        for (var n = 0; n < 300; n++)
        {
            var parts = Plan(n).Pose(RandomStream.Derive(n, "pose"));
            Assert.InRange(parts.Count, 1, 200);
            Assert.All(parts, part =>
            {
                Assert.True(part is { A: > 0, B: > 0, Opacity: > 0 and <= 1, Power: >= 2, Role: >= 0 and < 3 }, $"{part}");
                Assert.InRange(MathF.Max(MathF.Abs(part.X), MathF.Abs(part.Y)) + part.Reach, 0, 1.0001f);
            });
            var width = parts.Max(part => part.X + part.Reach) - parts.Min(part => part.X - part.Reach);
            var height = parts.Max(part => part.Y + part.Reach) - parts.Min(part => part.Y - part.Reach);
            Assert.Equal(2, MathF.Max(width, height), 1e-4f);
        }
    }

    [Fact]
    public void Pose_TwoIndividuals_HaveTheSamePartsInOtherPlaces()
    {
        var plan = Plan(5);
        var (first, second) = (plan.Pose(RandomStream.Derive(1, "pose")), plan.Pose(RandomStream.Derive(2, "pose")));
        Assert.Equal(first.Select(part => (part.Role, part.Power, part.Taper)), second.Select(part => (part.Role, part.Power, part.Taper)));
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Place_AnyPart_IsInvertedByAt()
    {
        var random = RandomStream.Derive(3, "pose");
        for (var n = 0; n < 100; n++)
        {
            var pose = ThingPose.Draw(random, side: 64);
            var part = new ThingPart(random.NextSingle(-1, 1), random.NextSingle(-1, 1), 0.5f, 0.2f, random.NextSingle(0, 6), 2, 0, 0, 1);
            var placed = Assert.NotNull(pose.Place(part));
            var (u, v) = placed.At(40, 20);
            Assert.Equal(40, placed.X + (placed.A00 * u) + (placed.A01 * v), 1e-2f);
            Assert.Equal(20, placed.Y + (placed.A10 * u) + (placed.A11 * v), 1e-2f);
        }
    }

    /// <summary>Oracle: the area of an ellipse, pi times its half axes; what pixels at its edge are covered by sums up to it.</summary>
    [Fact]
    public void CoverAt_SummedOverPixels_IsTheArea()
    {
        var placed = new PlacedPart(32, 32, 20, 0, 0, 9);
        var area = 0f;
        for (var y = 0; y < 64; y++)
        {
            for (var x = 0; x < 64; x++)
            {
                var (u, v) = placed.At(x, y);
                area += placed.CoverAt(MathF.Sqrt((u * u) + (v * v)), opacity: 1);
            }
        }

        Assert.Equal(MathF.PI * 20 * 9, area, 0.01f * area);
    }

    /// <summary>Lambert: a surface that faces the lamp is as bright as can be, one that turns away has the ambient light alone, one at 60 degrees half the rest.</summary>
    [Fact]
    public void On_AngleToTheLamp_IsLambertsCosine()
    {
        var light = new ThingLight(0, 0, 1, Ambient: 0.25f);
        Assert.Equal((1.25f, 0.5f), light.On(0, 0, 1, gloss: 0.5f));
        Assert.Equal((0.25f, 0), light.On(1, 0, 0, gloss: 0.5f));
        Assert.Equal((0.25f, 0), light.On(0, 0, -1, gloss: 0.5f));
        var (shade, shine) = light.On(MathF.Sqrt(0.75f), 0, 0.5f, gloss: 1);
        Assert.Equal(0.75f, shade, 1e-6f);
        Assert.Equal(MathF.Pow(0.5f, 16), shine, 1e-9f);
    }

    private static BodyPlan Plan(int n) => new(RandomStream.Derive(n, "plan"));
}
