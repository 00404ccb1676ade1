using System.Text.Json;
using System.Text.Unicode;

namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// Parses JSON (RFC 8259) with what a configuration needs beyond it: one object at the top, bounded depth, no key twice, and text
/// that is valid Unicode once its escapes are resolved.
/// </summary>
internal static class StrictJson
{
    private static readonly JsonReaderOptions s_anyDepth = new() { MaxDepth = ConfigLimits.MaxFileBytes };

    /// <summary>Parses one object.</summary>
    /// <param name="utf8">The text; a byte order mark is skipped.</param>
    /// <param name="file">The file's name for messages.</param>
    /// <exception cref="InputException">The text is not such an object.</exception>
    public static JsonDocument ParseObject(ReadOnlyMemory<byte> utf8, string file)
    {
        if (utf8.Span.StartsWith("\uFEFF"u8))
        {
            utf8 = utf8[3..];
        }

        if (utf8.Span.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            throw new InputException($"{file}: this file is empty; expected is a JSON object.");
        }

        if (!Utf8.IsValid(utf8.Span))
        {
            throw new InputException($"{file}: this file is not UTF-8 text; expected is a JSON object.");
        }

        try
        {
            Check(utf8.Span, file);
            return JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = ConfigLimits.MaxDepth });
        }
        catch (JsonException e)
        {
            throw NotJson(utf8.Span, file, e);
        }
        catch (InvalidOperationException e)
        {
            // Half a surrogate pair in an escape: valid JSON, but no text.
            throw new InputException($"{file}: a \\u escape in this file is not valid Unicode text.", e);
        }
    }

    private static void Check(ReadOnlySpan<byte> utf8, string file)
    {
        var reader = new Utf8JsonReader(utf8, s_anyDepth);
        var keys = new Stack<HashSet<string>>();
        bool first = true;
        while (reader.Read())
        {
            if (first && reader.TokenType != JsonTokenType.StartObject)
            {
                throw new InputException($"{file}: the top of this file is not a JSON object.");
            }

            first = false;
            if (reader.CurrentDepth >= ConfigLimits.MaxDepth)
            {
                throw new InputException(
                    $"{file}: values are nested deeper than the {ConfigLimits.MaxDepth} levels accepted."
                );
            }

            CheckToken(ref reader, keys, file);
        }
    }

    private static void CheckToken(ref Utf8JsonReader reader, Stack<HashSet<string>> keys, string file)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                keys.Push([]);
                break;
            case JsonTokenType.EndObject:
                keys.Pop();
                break;
            case JsonTokenType.PropertyName:
                string key = reader.GetString()!;
                if (!keys.Peek().Add(key))
                {
                    throw new InputException(
                        $"{file}: the key {MessageText.Shorten(key)} stands twice in one object; each may stand once."
                    );
                }

                break;
            case JsonTokenType.String:
                _ = reader.GetString();
                break;
            default:
                break;
        }
    }

    private static InputException NotJson(ReadOnlySpan<byte> utf8, string file, JsonException cause)
    {
        string place = $"line {cause.LineNumber + 1}, byte {cause.BytePositionInLine + 1}";
        return EndsTooSoon(utf8)
            ? new InputException(
                $"{file}: this file ends in the middle of its JSON, at {place}; it is cut short.",
                cause
            )
            : new InputException($"{file}: this is not valid JSON at {place}; expected is a JSON object.", cause);
    }

    /// <summary>Whether nothing is wrong with the text but that more should follow.</summary>
    private static bool EndsTooSoon(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, isFinalBlock: false, new JsonReaderState(s_anyDepth));
        try
        {
            while (reader.Read())
            {
                continue;
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
