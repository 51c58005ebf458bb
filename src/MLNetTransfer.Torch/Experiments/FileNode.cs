using System.Globalization;
using System.Text.Json;

namespace MLNetTransfer.Torch.Experiments;

/// <summary>A place in an experiment's file: reads what is there, or says what belongs there.</summary>
internal sealed class FileNode(JsonElement element, string place, string file)
{
    /// <summary>The members of an object, in the order of the file.</summary>
    /// <param name="allowed">The only names; null for any.</param>
    public IReadOnlyList<(string Name, FileNode Node)> Members(IReadOnlyCollection<string>? allowed = null)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw Fault($"an object{(allowed is null ? "" : $" with some of {string.Join(", ", allowed)}")}");
        var members = element.EnumerateObject().Select(member => (member.Name, new FileNode(member.Value, $"{place}.{member.Name}", file))).ToArray();
        if (allowed is not null && members.FirstOrDefault(member => !allowed.Contains(member.Name)).Name is { } unknown)
            throw new TransferException($"{place} of '{file}' has members called {string.Join(", ", allowed)}; received '{unknown}'. Correct or remove it.");
        return members;
    }

    /// <summary>A member of an object that <see cref="Members"/> has checked; null where there is none, or null.</summary>
    public FileNode? Find(string name) => element.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? new FileNode(member, $"{place}.{name}", file) : null;

    /// <summary>A member that must be there.</summary>
    public FileNode Require(string name) => Find(name) ?? throw new TransferException($"{place} of '{file}' has a member '{name}'; received none. Add it.");

    /// <summary>The items of a list of one item or more.</summary>
    public IReadOnlyList<FileNode> Items(string what, bool mayBeEmpty = false)
    {
        if (element.ValueKind != JsonValueKind.Array || (!mayBeEmpty && element.GetArrayLength() == 0))
            throw Fault($"a list of {what}{(mayBeEmpty ? "" : ", one or more")}");
        return [.. element.EnumerateArray().Select((item, i) => new FileNode(item, FormattableString.Invariant($"{place}[{i}]"), file))];
    }

    /// <summary>The items, no two the same.</summary>
    public IReadOnlyList<T> Distinct<T>(string what, Func<FileNode, T> read, bool mayBeEmpty = false)
    {
        var seen = new HashSet<T>();
        return [.. Items(what, mayBeEmpty).Select(item => read(item) is var value && seen.Add(value) ? value : throw item.Fault($"{what}, each once"))];
    }

    public bool IsText(string? text = null) => element.ValueKind == JsonValueKind.String && (text is null || element.GetString() == text);

    public bool IsObject => element.ValueKind == JsonValueKind.Object;

    public string Text(string what) => element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 0 } text ? text : throw Fault(what);

    /// <summary>One of some names.</summary>
    public string OneOf(string what, IReadOnlyCollection<string> names) =>
        element.ValueKind == JsonValueKind.String && element.GetString() is { } name && names.Contains(name) ? name : throw Fault($"{what}: {string.Join(", ", names)}");

    public bool Flag() => element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Fault("true or false"),
    };

    public int Whole(int low, int high = int.MaxValue) => element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var value) && value >= low && value <= high
        ? value
        : throw Fault($"a whole number of {low.ToString(CultureInfo.InvariantCulture)}{(high < int.MaxValue ? $" to {high.ToString(CultureInfo.InvariantCulture)}" : low == int.MinValue ? "" : " or more")}");

    public double Number(string what = "a number") => element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var value) && double.IsFinite(value) ? value : throw Fault(what);

    /// <summary>What belongs here, and what was received.</summary>
    public TransferException Fault(string what)
    {
        var received = element.GetRawText().ReplaceLineEndings(" ");
        return new TransferException($"{place} of '{file}' is {what}; received {(received.Length > 100 ? received[..100] + "..." : received)}. Correct it; docs/experiments.md has the whole format.");
    }
}
