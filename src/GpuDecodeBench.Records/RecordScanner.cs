using System.Text.Json;
using System.Text.Unicode;

namespace GpuDecodeBench.Records;

/// <summary>
/// The first look at a record's bytes: is it one whole JSON object, in valid Unicode, not too deep, with no key twice in one
/// object? After it, a JSON document can be made of the bytes without surprises.
/// </summary>
internal sealed class RecordScanner
{
    private readonly string _name;
    private readonly FieldPath _path = new();
    private readonly List<Level> _levels = [];

    private RecordScanner(string name) => _name = name;

    private sealed record Level(HashSet<string>? Keys)
    {
        public long Count { get; set; }
    }

    /// <summary>Looks through the bytes.</summary>
    /// <exception cref="RecordFormatException">They are not such an object.</exception>
    public static void Scan(ReadOnlySpan<byte> json, string name) => new RecordScanner(name).Run(json);

    private void Run(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            throw new RecordFormatException($"{_name} is not JSON: it is not UTF-8 text.");
        }

        // Not told that the block is final, the reader tells a document that stops short from one that is wrong.
        var options = new JsonReaderOptions { MaxDepth = RecordJson.MaxDepth };
        var reader = new Utf8JsonReader(json, isFinalBlock: false, new JsonReaderState(options));
        bool complete = false;
        try
        {
            while (reader.Read())
            {
                Visit(ref reader);
                complete = _levels.Count == 0;
            }
        }
        catch (JsonException exception)
        {
            throw Broken(json, exception);
        }

        if (!complete)
        {
            throw new RecordFormatException(
                json.Trim(" \t\r\n"u8).IsEmpty
                    ? $"{_name} is empty, not a run record."
                    : $"{_name} is truncated: it ends inside {_path}."
            );
        }
    }

    private void Visit(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                EnterProperty(Text(ref reader));
                break;
            case JsonTokenType.StartObject:
                EnterValue();
                _levels.Add(new Level([]));
                break;
            case JsonTokenType.StartArray:
                EnterValue();
                _levels.Add(new Level(Keys: null));
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                _levels.RemoveAt(_levels.Count - 1);
                LeaveValue();
                break;
            default:
                EnterValue();
                if (reader.TokenType == JsonTokenType.String && reader.ValueIsEscaped)
                {
                    _ = Text(ref reader);
                }

                LeaveValue();
                break;
        }
    }

    private void EnterProperty(string key)
    {
        _path.Push(key);
        if (!_levels[^1].Keys!.Add(key))
        {
            throw new RecordFormatException($"{_name}: {_path} is given twice.");
        }
    }

    private void EnterValue()
    {
        if (_levels.Count == 0)
        {
            return;
        }

        Level level = _levels[^1];
        if (level.Keys is null)
        {
            _path.Push(level.Count++);
        }
    }

    private void LeaveValue()
    {
        if (_levels.Count > 0)
        {
            _path.Pop();
        }
    }

    private string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw new RecordFormatException(
                $"{_name}: {_path} holds text that is not valid Unicode (half of a surrogate pair).",
                exception
            );
        }
    }

    private RecordFormatException Broken(ReadOnlySpan<byte> json, JsonException exception)
    {
        long line = exception.LineNumber ?? 0;
        long column = exception.BytePositionInLine ?? 0;
        string where = $"{_path} (line {line + 1}, byte {column + 1})";
        if (_levels.Count >= RecordJson.MaxDepth)
        {
            return new RecordFormatException(
                $"{_name} is nested too deep at {where}: at most {RecordJson.MaxDepth} levels are accepted.",
                exception
            );
        }

        string reason = NamesNoNumber(At(json, line, column))
            ? "NaN and infinities are not numbers in JSON"
            : Reason(exception.Message);
        return new RecordFormatException($"{_name} is not valid JSON at {where}: {reason}.", exception);
    }

    /// <summary>The bytes from a place on.</summary>
    private static ReadOnlySpan<byte> At(ReadOnlySpan<byte> json, long line, long column)
    {
        for (; line > 0; line--)
        {
            int end = json.IndexOf((byte)'\n');
            if (end < 0)
            {
                return [];
            }

            json = json[(end + 1)..];
        }

        return column < json.Length ? json[(int)column..] : [];
    }

    private static bool NamesNoNumber(ReadOnlySpan<byte> text) =>
        text.StartsWith("NaN"u8) || text.StartsWith("Infinity"u8) || text.StartsWith("-Infinity"u8);

    /// <summary>The reader's own words without the position, which is given before them.</summary>
    private static string Reason(string message)
    {
        int position = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        string words = position < 0 ? message : message[..position];
        return string.Concat(words.Select(c => char.IsControl(c) ? '?' : c)).TrimEnd('.');
    }
}
