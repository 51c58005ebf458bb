namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>Cells, bubbles, mosaics and dried mud: distances to random points (Worley, "A Cellular Texture Basis Function", SIGGRAPH 1996).</summary>
internal sealed class Cells : FormulaFamily
{
    public override string Name => "cells";

    public override int Classes => 4 * 4 * 2;

    public override void Draw(int formula, RandomStream random, FormulaCanvas canvas)
    {
        var kind = Choose(ref formula, 0, 1, 2, 3);
        var density = Choose(ref formula, 1.5f, 3f, 5.5f, 10f);
        var angular = Choose(ref formula, false, true);
        var seed = (uint)random.NextUInt64();
        canvas.PaintField(random, new FormulaView(random, canvas.Side), (u, v) =>
        {
            u *= density;
            v *= density;
            int cellU = (int)MathF.Floor(u), cellV = (int)MathF.Floor(v);
            float first = 9, second = 9;
            uint owner = 0;
            for (var i = -1; i <= 1; i++)
            {
                for (var j = -1; j <= 1; j++)
                {
                    var hash = FormulaNoise.Hash(cellU + i, cellV + j, seed);
                    var du = cellU + i + ((hash & 0xffff) / 65536f) - u;
                    var dv = cellV + j + ((hash >> 16) / 65536f) - v;
                    var distance = angular ? MathF.Abs(du) + MathF.Abs(dv) : MathF.Sqrt((du * du) + (dv * dv));
                    if (distance < first)
                        (second, first, owner) = (first, distance, hash);
                    else if (distance < second)
                        second = distance;
                }
            }

            return kind switch
            {
                0 => first,
                1 => second - first,
                2 => (owner >> 8 & 255) / 255f,
                _ => MathF.Min((second - first) * 12, 1),
            };
        });
    }
}
