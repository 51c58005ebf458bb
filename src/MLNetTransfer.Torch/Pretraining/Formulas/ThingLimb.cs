namespace MLNetTransfer.Torch.Pretraining.Formulas;

/// <summary>A group of like limbs of a body plan: jointed legs, blades (wings, petals, leaves), spikes, or stalks with a ball.</summary>
internal sealed class ThingLimb
{
    private readonly Kind _kind;
    private readonly Place _place;
    private readonly int _count;
    private readonly int _role;
    private readonly float _length;
    private readonly float _width;
    private readonly float _angle;
    private readonly float _joint;
    private readonly float _from;
    private readonly float _to;
    private readonly float _opacity;

    /// <summary>Draws a group.</summary>
    public ThingLimb(RandomStream random)
    {
        _kind = (Kind)random.NextInt32(4);
        _place = (Place)random.NextInt32(3);
        _count = _place switch { Place.Pairs => 1 + random.NextInt32(5), Place.Around => 3 + random.NextInt32(10), _ => 1 + random.NextInt32(3) };
        _role = 1 + random.NextInt32(2);
        _length = random.NextSingle(0.6f, 2.2f);
        _width = _kind == Kind.Blade ? random.NextSingle(0.15f, 0.5f) : random.NextSingle(0.06f, 0.16f);
        _angle = random.NextSingle(0.6f, 2.2f);
        _joint = random.NextSingle(-1.2f, 1.2f);
        _from = random.NextSingle(0, 0.5f);
        _to = random.NextSingle(0.5f, 1);
        _opacity = _kind == Kind.Blade && random.NextInt32(3) == 0 ? 0.55f : 1;
        IsBelow = random.NextInt32(3) > 0;
    }

    private enum Kind
    {
        Leg,
        Blade,
        Spike,
        Stalk,
    }

    private enum Place
    {
        Pairs,
        Around,
        End,
    }

    /// <summary>Whether the trunk covers the limbs.</summary>
    public bool IsBelow { get; }

    /// <summary>Adds the limbs of one individual.</summary>
    public void Grow(List<ThingPart> trunk, List<ThingPart> into, RandomStream random)
    {
        switch (_place)
        {
            case Place.Around:
                var centre = trunk[(int)(_from * 1.99f * (trunk.Count - 1))];
                for (var n = 0; n < _count; n++)
                    Add(centre, centre.Angle + (MathF.Tau * n / _count), hand: 1, into, random);
                break;
            case Place.End:
                for (var n = 0; n < _count; n++)
                    Add(trunk[^1], trunk[^1].Angle + ((n - ((_count - 1) / 2f)) * _angle / 2), hand: 1, into, random);
                break;
            default:
                for (var n = 0; n < _count; n++)
                {
                    var segment = At(trunk, _count == 1 ? _from : _from + ((_to - _from) * n / (_count - 1)));
                    Add(segment, segment.Angle + _angle, hand: 1, into, random);
                    Add(segment, segment.Angle - _angle, hand: -1, into, random);
                }

                break;
        }
    }

    /// <summary>The segment at a share of the trunk's length; of a trunk of one segment, a round piece of it.</summary>
    private static ThingPart At(List<ThingPart> trunk, float share)
    {
        var segment = trunk[(int)MathF.Round(share * (trunk.Count - 1))];
        if (trunk.Count > 1)
            return segment;
        var along = ((share * 2) - 1) * 0.8f * segment.A;
        return segment with { X = segment.X + (along * MathF.Cos(segment.Angle)), Y = segment.Y + (along * MathF.Sin(segment.Angle)), A = segment.B };
    }

    private void Add(ThingPart from, float angle, int hand, List<ThingPart> into, RandomStream random)
    {
        angle += random.NextSingle(-0.2f, 0.2f);
        var length = _length * random.NextSingle(0.85f, 1.15f);
        var (sin, cos) = MathF.SinCos(angle - from.Angle);
        var edge = 0.9f / MathF.Sqrt((cos * cos / (from.A * from.A)) + (sin * sin / (from.B * from.B)));
        float x = from.X + (MathF.Cos(angle) * edge), y = from.Y + (MathF.Sin(angle) * edge);
        switch (_kind)
        {
            case Kind.Leg:
                AddBone(ref x, ref y, angle, length * 0.5f, taper: 0, into);
                AddBone(ref x, ref y, angle + (hand * (_joint + random.NextSingle(-0.25f, 0.25f))), length * 0.6f, taper: 0, into);
                break;
            case Kind.Blade:
                var (bladeSin, bladeCos) = MathF.SinCos(angle);
                into.Add(new ThingPart(x + (bladeCos * length / 2), y + (bladeSin * length / 2), length / 2, length * _width, angle, Power: 2, Taper: 0, _role, _opacity));
                break;
            case Kind.Spike:
                AddBone(ref x, ref y, angle, length * 0.7f, taper: -0.8f, into);
                break;
            default:
                AddBone(ref x, ref y, angle, length * 0.5f, taper: 0, into);
                into.Add(new ThingPart(x, y, _width * 2.5f, _width * 2.5f, angle, Power: 2, Taper: 0, 3 - _role, Opacity: 1));
                break;
        }
    }

    /// <summary>Adds a rod and moves on to its end.</summary>
    private void AddBone(ref float x, ref float y, float angle, float length, float taper, List<ThingPart> into)
    {
        var (sin, cos) = MathF.SinCos(angle);
        into.Add(new ThingPart(x + (cos * length / 2), y + (sin * length / 2), (length / 2) + (_width / 2), _width, angle, Power: 3, taper, _role, _opacity));
        x += cos * length;
        y += sin * length;
    }
}
