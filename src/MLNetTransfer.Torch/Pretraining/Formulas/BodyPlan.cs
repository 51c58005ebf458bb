namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>
/// What all images of one class of things share: a trunk of one or more segments (single, in a row, along an arc, in a ring), groups of limbs
/// on it, the skins, and how it reflects light. Insects, flowers, worms, stars and necklaces are among the results.
/// </summary>
internal sealed class BodyPlan
{
    private const int MostSegments = 8;
    private readonly Trunk _trunk;
    private readonly int _segments;
    private readonly int _profile;
    private readonly float _aspect;
    private readonly float _power;
    private readonly float _overlap;
    private readonly float _bend;
    private readonly float[] _sizes;
    private readonly bool _alternates;
    private readonly ThingLimb[] _limbs;

    /// <summary>Draws a plan.</summary>
    public BodyPlan(RandomStream random)
    {
        _trunk = (Trunk)random.NextInt32(4);
        _segments = _trunk == Trunk.Single ? 1 : 2 + random.NextInt32(_trunk == Trunk.Ring ? 6 : 5);
        _profile = random.NextInt32(4);
        _aspect = random.NextSingle(0.35f, 1);
        _power = random.NextInt32(3) == 0 ? 5 : 2;
        _overlap = random.NextSingle(0.65f, 1.05f);
        _bend = random.NextSingle(0.25f, 0.7f);
        _sizes = [.. Enumerable.Range(0, MostSegments).Select(_ => random.NextSingle(0.45f, 1))];
        _alternates = random.NextInt32(2) == 0;
        var limbs = _trunk == Trunk.Single ? 1 + random.NextInt32(3) : random.NextInt32(4);
        _limbs = [.. Enumerable.Range(0, limbs).Select(_ => new ThingLimb(random))];
        Skins = [.. Enumerable.Range(0, 3).Select(_ => new ThingSkin((ThingPattern)random.NextInt32(ThingSkin.Patterns), random.NextSingle(2, 9)))];
        IsFlat = random.NextInt32(4) == 0;
        Gloss = random.NextInt32(2) == 0 ? 0 : random.NextSingle(0.2f, 0.8f);
    }

    private enum Trunk
    {
        Single,
        Row,
        Arc,
        Ring,
    }

    /// <summary>The skins of the three roles that parts have: trunk, and two more.</summary>
    public ThingSkin[] Skins { get; }

    /// <summary>Whether parts are drawn without light and shade.</summary>
    public bool IsFlat { get; }

    /// <summary>How bright a highlight is, from 0.</summary>
    public float Gloss { get; }

    /// <summary>One individual: its parts, back to front, in a box from -1 to 1.</summary>
    public List<ThingPart> Pose(RandomStream random)
    {
        var trunk = PoseTrunk(random);
        List<ThingPart> below = [], above = [];
        foreach (var limb in _limbs)
            limb.Grow(trunk, limb.IsBelow ? below : above, random);
        List<ThingPart> all = [.. below, .. trunk, .. above];
        float left = all.Min(part => part.X - part.Reach), right = all.Max(part => part.X + part.Reach);
        float top = all.Min(part => part.Y - part.Reach), bottom = all.Max(part => part.Y + part.Reach);
        var half = MathF.Max(right - left, bottom - top) / 2;
        return
        [
            .. all.Select(part => part with
            {
                X = (part.X - ((left + right) / 2)) / half,
                Y = (part.Y - ((top + bottom) / 2)) / half,
                A = part.A / half,
                B = part.B / half,
            }),
        ];
    }

    private List<ThingPart> PoseTrunk(RandomStream random)
    {
        var trunk = new List<ThingPart>();
        float x = 0, y = 0, heading = 0, before = 0;
        var bend = _trunk switch
        {
            Trunk.Row => random.NextSingle(-0.25f, 0.25f),
            Trunk.Arc => _bend * random.NextSingle(0.75f, 1.25f),
            Trunk.Ring => MathF.Tau / _segments,
            _ => 0,
        };
        for (var segment = 0; segment < _segments; segment++)
        {
            var size = SizeOf(segment) * random.NextSingle(0.92f, 1.08f);
            if (segment > 0)
            {
                var step = (before + size) * _overlap;
                heading += bend;
                x += MathF.Cos(heading) * step;
                y += MathF.Sin(heading) * step;
            }

            before = size;
            trunk.Add(new ThingPart(x, y, size, size * _aspect, heading, _power, Taper: 0, Role: _alternates ? segment & 1 : 0, Opacity: 1));
        }

        return trunk;
    }

    /// <summary>Even, tapering, thick in the middle or irregular.</summary>
    private float SizeOf(int segment)
    {
        if (_trunk == Trunk.Ring)
            return 1;
        var share = _segments == 1 ? 0.5f : segment / (_segments - 1f);
        return _profile switch
        {
            0 => 1,
            1 => 1 - (0.6f * share),
            2 => 0.5f + (2 * share * (1 - share)),
            _ => _sizes[segment],
        };
    }
}
