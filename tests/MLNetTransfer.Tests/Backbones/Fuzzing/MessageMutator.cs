using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace MLNetTransfer.Tests.Backbones.Fuzzing;

/// <summary>
/// Changes one thing in a protobuf message of any schema: a field is cleared, an entry dropped, doubled, moved or grafted from elsewhere, a number made extreme, a
/// name replaced by another one of the message. The result is well-formed protobuf, so that it reaches what lies behind the parser.
/// </summary>
internal sealed class MessageMutator(RandomStream random)
{
    private static readonly long[] Numbers =
        [0, 1, -1, 2, 3, 4, 7, 8, 13, 64, 255, 4096, 100_003, -4, int.MaxValue, int.MinValue, 1L << 31, 1L << 33, 1L << 40, 1L << 62, long.MaxValue, long.MinValue];

    private static readonly float[] Reals = [0, 1, -1, 0.5f, 1e30f, float.NaN, float.PositiveInfinity, float.Epsilon];

    /// <summary>Changes a message.</summary>
    public void Mutate(IMessage message)
    {
        var places = new List<(IMessage Message, FieldDescriptor Field)>();
        var names = new List<string>();
        Collect(message, places, names);
        var (owner, field) = places[random.NextInt32(places.Count)];
        if (field.IsRepeated)
            MutateList(owner, field, (System.Collections.IList)field.Accessor.GetValue(owner), places, names);
        else if (random.NextInt32(4) == 0)
            field.Accessor.Clear(owner);
        else if (field.FieldType == FieldType.Message)
            Graft(owner, field, places);
        else
            field.Accessor.SetValue(owner, Scalar(field, field.Accessor.GetValue(owner), names));
    }

    private static void Collect(IMessage message, List<(IMessage, FieldDescriptor)> places, List<string> names)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            places.Add((message, field));
            var value = field.Accessor.GetValue(message);
            foreach (var item in field.IsRepeated ? ((System.Collections.IEnumerable)value).Cast<object>().Take(64) : [value])
                if (item is IMessage inner)
                    Collect(inner, places, names);
                else if (item is string name)
                    names.Add(name);
        }
    }

    private void MutateList(IMessage owner, FieldDescriptor field, System.Collections.IList list, List<(IMessage Message, FieldDescriptor Field)> places, List<string> names)
    {
        var at = list.Count == 0 ? 0 : random.NextInt32(list.Count);
        switch (list.Count == 0 ? 5 : random.NextInt32(7))
        {
            case 0:
                list.RemoveAt(at);
                break;
            case 1:
                list.Insert(at, Copy(list[at]!));
                break;
            case 2:
                var item = list[at];
                list.RemoveAt(at);
                list.Insert(random.NextInt32(list.Count + 1), item);
                break;
            case 3 when field.FieldType == FieldType.Message:
                Mutate((IMessage)list[at]!);
                break;
            case 4:
                list.Clear();
                break;
            case 5:
                var donors = places.Where(place => place.Field.IsRepeated && place.Field.FieldType == field.FieldType
                    && (field.FieldType != FieldType.Message || place.Field.MessageType == field.MessageType) && ListOf(place).Count > 0).ToList();
                if (donors.Count > 0 && ListOf(donors[random.NextInt32(donors.Count)]) is { } donor)
                    list.Insert(list.Count == 0 ? 0 : random.NextInt32(list.Count + 1), Copy(donor[random.NextInt32(donor.Count)]!));
                break;
            default:
                if (field.FieldType != FieldType.Message)
                    list[at] = Scalar(field, list[at]!, names);
                break;
        }

        static System.Collections.IList ListOf((IMessage Message, FieldDescriptor Field) place) => (System.Collections.IList)place.Field.Accessor.GetValue(place.Message);
    }

    private void Graft(IMessage owner, FieldDescriptor field, List<(IMessage Message, FieldDescriptor Field)> places)
    {
        var donors = places.Select(place => place.Message).Where(message => message.Descriptor == field.MessageType).Distinct().ToList();
        if (donors.Count > 0)
            field.Accessor.SetValue(owner, Copy(donors[random.NextInt32(donors.Count)]));
    }

    private object Scalar(FieldDescriptor field, object? value, List<string> names)
    {
        var number = random.NextInt32(3) == 0 && value is long or int ? Convert.ToInt64(value) + random.NextInt32(5) - 2 : Numbers[random.NextInt32(Numbers.Length)];
        return field.FieldType switch
        {
            FieldType.String => names.Count > 0 && random.NextInt32(5) > 0 ? names[random.NextInt32(names.Count)] : random.NextInt32(2) == 0 ? "" : $"new{random.NextInt32(9)}",
            FieldType.Bytes => Bytes(value as ByteString ?? ByteString.Empty),
            FieldType.Float => Reals[random.NextInt32(Reals.Length)],
            FieldType.Double => (double)Reals[random.NextInt32(Reals.Length)],
            FieldType.Bool => random.NextInt32(2) == 0,
            FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => unchecked((int)number),
            FieldType.UInt32 or FieldType.Fixed32 => unchecked((uint)number),
            FieldType.UInt64 or FieldType.Fixed64 => unchecked((ulong)number),
            FieldType.Enum => Enum.ToObject(field.EnumType.ClrType, unchecked((int)number)),
            _ => number,
        };
    }

    private ByteString Bytes(ByteString value) => random.NextInt32(3) switch
    {
        0 => ByteString.CopyFrom(value.Span[..(value.Length / 2)]),
        1 => ByteString.CopyFrom([.. value.Span, 1, 2, 3]),
        _ => ByteString.CopyFromUtf8("Relu"),
    };

    private static object Copy(object value) => value switch
    {
        IMessage message => message.Descriptor.Parser.ParseFrom(message.ToByteString()),
        _ => value,
    };
}
