using MLNetTransfer.Surfaces.Rendering;

namespace MLNetTransfer.Surfaces.Tests.Rendering;

public sealed class TurnTests
{
    [Fact]
    public void Direction_AnyAngle_AgreesWithTheSineAndCosine()
    {
        for (var turns = -1.5f; turns < 1.5f; turns += 0.0037f)
        {
            var (x, y) = Turn.Direction(turns);
            Assert.Equal(Math.Cos(turns * Math.Tau), x, 1e-5);
            Assert.Equal(Math.Sin(turns * Math.Tau), y, 1e-5);
        }
    }
}
