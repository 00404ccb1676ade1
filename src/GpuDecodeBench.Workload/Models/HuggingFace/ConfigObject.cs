using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// A JSON object of a configuration, read key by key. Every method either returns a value that is of the right type and within
/// its bounds, or throws an <see cref="InputException"/> that names the file, the key, the value and what is accepted.
/// A key whose value is <c>null</c> is as good as absent unless a method says otherwise.
/// </summary>
/// <param name="element">The object.</param>
/// <param name="file">The file's name for messages.</param>
/// <param name="prefix">What stands before a key in messages: empty at the top, <c>rope_scaling.</c> inside that object.</param>
internal sealed class ConfigObject(JsonElement element, string file, string prefix = "")
{
    /// <summary>The object itself.</summary>
    public JsonElement Element => element;

    /// <summary>Whether the key stands in the object, be its value null.</summary>
    public bool Has(string key) => element.TryGetProperty(key, out _);

    /// <summary>A required whole number from <paramref name="min"/> to <paramref name="max"/>.</summary>
    public int Int(string key, int min, int max) => IntOrNull(key, min, max) ?? throw Missing(key, Whole(min, max));

    /// <summary>A whole number from <paramref name="min"/> to <paramref name="max"/>; null where the key is absent.</summary>
    public int? IntOrNull(string key, int min, int max)
    {
        if (!TryGet(key, out JsonElement value))
        {
            return null;
        }

        // A number with a fraction or an exponent is no whole number here, as in Python.
        return
            value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out long number)
            && number >= min
            && number <= max
            ? (int)number
            : throw Refused(key, value, Whole(min, max));
    }

    /// <summary>A required finite number from <paramref name="min"/> to <paramref name="max"/>.</summary>
    public double Number(string key, double min, double max) =>
        NumberOrNull(key, min, max) ?? throw Missing(key, Range(min, max));

    /// <summary>A finite number from <paramref name="min"/> to <paramref name="max"/>; null where the key is absent.</summary>
    public double? NumberOrNull(string key, double min, double max)
    {
        if (!TryGet(key, out JsonElement value))
        {
            return null;
        }

        // 1e999 parses as infinity, which no bound admits.
        return
            value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out double number)
            && number >= min
            && number <= max
            ? number
            : throw Refused(key, value, Range(min, max));
    }

    /// <summary>True or false; <paramref name="absent"/> where the key is absent.</summary>
    public bool Bool(string key, bool absent)
    {
        if (!TryGet(key, out JsonElement value))
        {
            return absent;
        }

        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Refused(key, value, "true or false"),
        };
    }

    /// <summary>A string; null where the key is absent.</summary>
    public string? StringOrNull(string key, string accepted)
    {
        if (!TryGet(key, out JsonElement value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Refused(key, value, accepted);
    }

    /// <summary>An object; null where the key is absent.</summary>
    public ConfigObject? ObjectOrNull(string key)
    {
        if (!TryGet(key, out JsonElement value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Object
            ? new ConfigObject(value, file, $"{prefix}{key}.")
            : throw Refused(key, value, "an object or null");
    }

    /// <summary>An array of exactly <paramref name="count"/> elements; null where the key is absent.</summary>
    public JsonElement? ArrayOrNull(string key, int count, string accepted)
    {
        if (!TryGet(key, out JsonElement value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            throw Refused(key, value, accepted);
        }

        return value.GetArrayLength() == count
            ? value
            : throw Refused(key, $"an array of {value.GetArrayLength()}", accepted);
    }

    /// <summary>An object that must be there.</summary>
    public ConfigObject Object(string key) => ObjectOrNull(key) ?? throw Missing(key, "an object");

    /// <summary>Exactly <paramref name="count"/> finite numbers from <paramref name="min"/> to <paramref name="max"/>.</summary>
    public ImmutableArray<double> Numbers(string key, int count, double min, double max)
    {
        string accepted = $"an array of {count} numbers from {Text(min)} to {Text(max)}";
        JsonElement array = ArrayOrNull(key, count, accepted) ?? throw Missing(key, accepted);
        var numbers = ImmutableArray.CreateBuilder<double>(count);
        foreach (JsonElement value in array.EnumerateArray())
        {
            bool valid = value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out _);
            double number = valid ? value.GetDouble() : double.NaN;
            if (!(number >= min && number <= max))
            {
                throw Refused($"{key}[{numbers.Count}]", value, Range(min, max));
            }

            numbers.Add(number);
        }

        return numbers.MoveToImmutable();
    }

    /// <summary>
    /// Some of <paramref name="count"/> indices, as a flag for each; an index may stand more than once. Null where the key is absent.
    /// </summary>
    public bool[]? IndicesOrNull(string key, int count)
    {
        string accepted = $"an array of whole numbers from 0 to {count - 1}";
        if (!TryGet(key, out JsonElement value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            throw Refused(key, value, accepted);
        }

        bool[] flags = new bool[count];
        foreach (JsonElement index in value.EnumerateArray())
        {
            bool valid =
                index.ValueKind == JsonValueKind.Number
                && index.TryGetInt32(out int number)
                && number >= 0
                && number < count;
            if (!valid)
            {
                throw Refused(key, value, accepted);
            }

            flags[index.GetInt32()] = true;
        }

        return flags;
    }

    /// <summary>A required whole number that two spellings of its key may give, as long as they agree.</summary>
    public int Int(string key, string otherKey, int min, int max)
    {
        int? first = IntOrNull(key, min, max);
        int? second = IntOrNull(otherKey, min, max);
        if (first is int one && second is int other && one != other)
        {
            throw Refused(otherKey, $"{other}", $"{one} as {key} is");
        }

        return first ?? second ?? throw Missing(key, Whole(min, max));
    }

    /// <summary>Refuses a key that is there with another value than the only one whose meaning is supported.</summary>
    public void RequireText(string key, string only)
    {
        string accepted = $"\"{only}\" or absent";
        if (StringOrNull(key, accepted) is string given && given != only)
        {
            throw Refused(key, $"\"{given}\"", accepted);
        }
    }

    /// <summary>Refuses a key that is there with another number than the only one whose meaning is supported.</summary>
    public void RequireNumber(string key, double only)
    {
        if (!TryGet(key, out JsonElement value))
        {
            return;
        }

        bool same =
            value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double given) && given.Equals(only);
        if (!same)
        {
            throw Refused(key, value, $"{Text(only)} or absent");
        }
    }

    /// <summary>Refuses a key that is there and true.</summary>
    public void RequireFalse(string key, string why)
    {
        if (Bool(key, absent: false))
        {
            throw Refused(key, "true", $"false or absent: {why}");
        }
    }

    /// <summary>The error for a key that must be there.</summary>
    public InputException Missing(string key, string accepted) =>
        new($"{file}: {prefix}{key} is missing; it must be {accepted}.");

    /// <summary>The error for a value that is not accepted.</summary>
    public InputException Refused(string key, JsonElement value, string accepted) =>
        Refused(key, value.GetRawText(), accepted);

    /// <summary>The error for a value that is not accepted.</summary>
    public InputException Refused(string key, string value, string accepted) =>
        new($"{file}: {prefix}{key} is {MessageText.Shorten(value)}, but must be {accepted}.");

    /// <summary>An error that is not about one key alone; the file's name goes before it.</summary>
    public InputException Error(string sentence) => new($"{file}: {sentence}");

    private static string Whole(int min, int max) => $"a whole number from {Text(min)} to {Text(max)}";

    private static string Range(double min, double max) => $"a number from {Text(min)} to {Text(max)}";

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private bool TryGet(string key, out JsonElement value) =>
        element.TryGetProperty(key, out value) && value.ValueKind != JsonValueKind.Null;
}
