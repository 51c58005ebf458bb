using MLNetTransfer.Surfaces.Rendering;

namespace MLNetTransfer.Surfaces.Tests.Rendering;

public sealed class StrokeTests
{
    [Theory]
    [InlineData(6f)]
    [InlineData(3f)]
    public void Draw_StraightLine_CoversLengthTimesWidth(float width)
    {
        var stroke = new Stroke();
        stroke.Add(60, 100, width);
        stroke.Add(160, 100, width);
        var plane = new float[Canvas.Side * Canvas.Side];
        stroke.Draw(plane, 1f);
        // The area of a rectangle and the two half discs at its ends, within 2 %.
        var area = 100 * width + Math.PI * width * width / 4;
        Assert.InRange(plane.Sum(), 0.98 * area, 1.02 * area);
        Assert.Equal(1f, plane[100 * Canvas.Side + 110]);
        Assert.Equal(0f, plane[110 * Canvas.Side + 110]);
    }

    [Fact]
    public void Draw_PointsWithoutWidth_LeavesAGap()
    {
        var stroke = new Stroke();
        foreach (var (x, width) in new[] { (20f, 4f), (60f, 4f), (61f, 0f), (100f, 0f), (101f, 4f), (140f, 4f) })
            stroke.Add(x, 50, width);
        var plane = new float[Canvas.Side * Canvas.Side];
        stroke.Draw(plane, 1f);
        Assert.Equal(1f, plane[50 * Canvas.Side + 40]);
        Assert.Equal(0f, plane[50 * Canvas.Side + 80]);
        Assert.Equal(1f, plane[50 * Canvas.Side + 120]);
    }
}
