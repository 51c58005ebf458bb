using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MLNetTransfer.Torch.Experiments;

/// <summary>
/// Finished records, one JSON object a line, each with a checksum over itself. A line that is torn, altered or of something else counts for nothing: its record is computed
/// again and added. One process writes to a file at a time.
/// </summary>
internal sealed class ResultsFile : IDisposable
{
    private const string Header = """{"mlnettransfer":"experiment results","format":1}""";
    private const string Check = ",\"check\":\"";
    private const int CheckLength = 16;
    private static readonly JsonWriterOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _path;
    private readonly Dictionary<string, (long Offset, int Length)> _lines = [];
    private readonly Lock _gate = new();
    private FileStream? _file;

    /// <summary>Reads what is there; nothing is written before the first record is added.</summary>
    /// <exception cref="TransferException">The file holds something else, or cannot be read.</exception>
    public ResultsFile(string path)
    {
        _path = path;
        if (!File.Exists(path))
            return;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            Scan(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new TransferException($"Records are kept in a file that one run uses; '{path}' cannot be read: {fault.Message} Wait for the other run, or name another file.", fault);
        }
    }

    /// <summary>A record, if it is there with all that is wanted of it.</summary>
    public CandidateOutcome? Find(string key, IReadOnlyCollection<string> scorers)
    {
        if (!_lines.TryGetValue(key, out var line))
            return null;
        var bytes = Accessed(() =>
        {
            _file ??= new FileStream(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            var bytes = new byte[line.Length];
            _file.Seek(line.Offset, SeekOrigin.Begin);
            return _file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length ? bytes : [];
        });
        if (!IsWhole(bytes))
            return null;
        using var document = JsonDocument.Parse(bytes);
        var outcome = Outcome(document.RootElement);
        return outcome.Refusal is not null || scorers.All(outcome.Scores.ContainsKey) ? outcome : null;
    }

    /// <summary>Adds a record; it is in the file when this returns, whatever becomes of the process.</summary>
    /// <param name="key">What determines it, hashed.</param>
    /// <param name="what">The same in words, for people.</param>
    /// <param name="outcome">What came of it.</param>
    /// <exception cref="TransferException">The file cannot be written.</exception>
    public void Add(string key, IReadOnlyList<(string Name, string Value)> what, CandidateOutcome outcome)
    {
        var text = ToJson(key, what, outcome);
        var whole = $"{text[..^1]}{Check}{ChecksumOf(Encoding.UTF8.GetBytes(text[..^1]))}\"}}\n";
        Accessed(() =>
        {
            Begin();
            _file!.Write(Encoding.UTF8.GetBytes(whole));
            _file.Flush();
            return whole;
        });
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>Puts the file into a state that a line can be added to.</summary>
    private void Begin()
    {
        _file ??= new FileStream(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var header = Encoding.UTF8.GetBytes(Header + "\n");
        if (_file.Length < header.Length)
        {
            // Nothing, or what a run that was killed at its first line left of it.
            _file.SetLength(0);
            _file.Write(header);
        }
        _file.Seek(-1, SeekOrigin.End);
        if (_file.ReadByte() != '\n')
            _file.WriteByte((byte)'\n');
    }

    private T Accessed<T>(Func<T> work)
    {
        lock (_gate)
            try
            {
                return work();
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                throw new TransferException($"Records are kept in a file that one run writes to; '{_path}' takes none: {fault.Message} Wait for the other run, or name another file.", fault);
            }
    }

    private void Scan(FileStream file)
    {
        var (line, offset, number) = (new List<byte>(), 0L, 0);
        var buffer = new byte[1 << 16];
        for (int read; (read = file.Read(buffer)) > 0;)
            foreach (var value in buffer.AsSpan(0, read))
            {
                if (value != '\n')
                {
                    line.Add(value);
                    continue;
                }
                Take(number++, [.. line], offset);
                offset += line.Count + 1;
                line.Clear();
            }
        // Complete but for its end.
        if (number > 0)
            Take(number, [.. line], offset);
        else if (!Header.StartsWith(Encoding.UTF8.GetString([.. line]), StringComparison.Ordinal))
            throw Foreign();
    }

    private void Take(int number, byte[] line, long offset)
    {
        if (number == 0)
        {
            if (Encoding.UTF8.GetString(line) != Header)
                throw Foreign();
        }
        else if (IsWhole(line) && KeyOf(line) is { } key)
            _lines[key] = (offset, line.Length);
    }

    private TransferException Foreign() => new($"Records are kept in a file that this program began; '{_path}' holds something else. Name another file, or remove it.");

    private static bool IsWhole(byte[] line)
    {
        var end = line.Length - Check.Length - CheckLength - 2;
        return end > 0 && line.AsSpan(end, Check.Length).SequenceEqual(Encoding.UTF8.GetBytes(Check)) && line[^2] == '"' && line[^1] == '}'
            && ChecksumOf(line.AsSpan(0, end)) == Encoding.UTF8.GetString(line.AsSpan(end + Check.Length, CheckLength));
    }

    private static string? KeyOf(byte[] line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.TryGetProperty("key", out var key) ? key.GetString() : null;
    }

    private static string ChecksumOf(ReadOnlySpan<byte> text) => Convert.ToHexStringLower(SHA256.HashData(text))[..CheckLength];

    private static string ToJson(string key, IReadOnlyList<(string Name, string Value)> what, CandidateOutcome outcome)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, OneLine))
        {
            writer.WriteStartObject();
            writer.WriteString("key", key);
            foreach (var (name, value) in what)
                writer.WriteString(name, value);
            if (outcome.Refusal is not null)
                writer.WriteString("refusal", outcome.Refusal);
            WriteLabels(writer, "predicted", outcome.Predicted);
            WriteMatrix(writer, "unlabelled", outcome.Unlabelled);
            writer.WriteStartObject("scores");
            foreach (var (scorer, (score, refusal)) in outcome.Scores.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                if (score is { } value)
                    writer.WriteNumber(scorer, value);
                else
                    writer.WriteString(scorer, refusal);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WriteLabels(Utf8JsonWriter writer, string name, int[] labels)
    {
        writer.WriteStartArray(name);
        foreach (var label in labels)
            writer.WriteNumberValue(label);
        writer.WriteEndArray();
    }

    private static void WriteMatrix(Utf8JsonWriter writer, string name, FeatureMatrix? matrix)
    {
        if (matrix is null)
            return;
        var values = new float[matrix.Rows * matrix.Columns];
        for (var row = 0; row < matrix.Rows; row++)
            matrix.Row(row).CopyTo(values.AsSpan(row * matrix.Columns));
        writer.WriteStartObject(name);
        writer.WriteNumber("columns", matrix.Columns);
        writer.WriteBase64String("floats", MemoryMarshal.AsBytes<float>(values));
        writer.WriteEndObject();
    }

    private static FeatureMatrix Matrix(JsonElement matrix)
    {
        var columns = matrix.GetProperty("columns").GetInt32();
        var values = MemoryMarshal.Cast<byte, float>(matrix.GetProperty("floats").GetBytesFromBase64()).ToArray();
        return new FeatureMatrix(values.Length / columns, columns, values);
    }

    private static CandidateOutcome Outcome(JsonElement record) => new()
    {
        Refusal = record.TryGetProperty("refusal", out var refusal) ? refusal.GetString() : null,
        Predicted = [.. record.GetProperty("predicted").EnumerateArray().Select(label => label.GetInt32())],
        Unlabelled = record.TryGetProperty("unlabelled", out var unlabelled) ? Matrix(unlabelled) : null,
        Scores = record.GetProperty("scores").EnumerateObject().ToDictionary(
            score => score.Name,
            score => score.Value.ValueKind == JsonValueKind.Number ? (score.Value.GetDouble(), (string?)null) : ((double?)null, score.Value.GetString())),
    };
}
