using System.Text.Json;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Economics.Claims;

/// <summary>
/// One object of a claims file while it is read: keys are asked for by name, and what was not asked for is refused, so that a slip
/// of the pen cannot silently leave a part of a claim out.
/// </summary>
internal sealed class ClaimFields
{
    private readonly Dictionary<string, JsonElement> _fields = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <summary>Opens an object.</summary>
    /// <param name="element">The object.</param>
    /// <param name="name">What it is called in messages, for example <c>claim cost.kv-2k</c>.</param>
    /// <exception cref="InputException">It is no object, or has a key twice.</exception>
    public ClaimFields(JsonElement element, string name)
    {
        Name = name;
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Problem("is no JSON object");
        }

        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (!_fields.TryAdd(property.Name, property.Value))
            {
                throw Problem($"has \"{property.Name}\" twice");
            }
        }
    }

    /// <summary>What the object is called in messages; may be made more exact once its id is read.</summary>
    public string Name { get; set; }

    /// <summary>A text that must be there and not be blank.</summary>
    public string Text(string key) => OptionalText(key) ?? throw Problem($"lacks \"{key}\"");

    /// <summary>A text; null where there is none.</summary>
    public string? OptionalText(string key)
    {
        if (Find(key) is not JsonElement element)
        {
            return null;
        }

        string? text = element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        return string.IsNullOrWhiteSpace(text) ? throw Problem($"has a \"{key}\" that is no text") : text;
    }

    /// <summary>A number that must be there.</summary>
    public double Number(string key) => OptionalNumber(key) ?? throw Problem($"lacks \"{key}\"");

    /// <summary>A number; null where there is none.</summary>
    public double? OptionalNumber(string key)
    {
        if (Find(key) is not JsonElement element)
        {
            return null;
        }

        return element.ValueKind == JsonValueKind.Number && double.IsFinite(element.GetDouble())
            ? element.GetDouble()
            : throw Problem($"has a \"{key}\" that is no number");
    }

    /// <summary>True or false; false where there is nothing.</summary>
    public bool Flag(string key) =>
        Find(key)?.ValueKind switch
        {
            null or JsonValueKind.False => false,
            JsonValueKind.True => true,
            _ => throw Problem($"has a \"{key}\" that is neither true nor false"),
        };

    /// <summary>A comparison; equal where there is none.</summary>
    public ClaimComparison Comparison(string key) =>
        OptionalText(key) switch
        {
            null or "equal" => ClaimComparison.Equal,
            "atLeast" => ClaimComparison.AtLeast,
            "atMost" => ClaimComparison.AtMost,
            string other => throw Problem($"has \"{key}\" \"{other}\"; accepted are equal, atLeast, atMost"),
        };

    /// <summary>An object; null where there is none.</summary>
    public ClaimFields? Object(string key, string name) =>
        Find(key) is JsonElement element ? new ClaimFields(element, name) : null;

    /// <summary>A list; empty where there is none.</summary>
    public IReadOnlyList<JsonElement> List(string key)
    {
        if (Find(key) is not JsonElement element)
        {
            return [];
        }

        return element.ValueKind == JsonValueKind.Array
            ? [.. element.EnumerateArray()]
            : throw Problem($"has a \"{key}\" that is no list");
    }

    /// <summary>Refuses every key that was not asked for.</summary>
    public void Finish()
    {
        if (_fields.Keys.FirstOrDefault(key => !_read.Contains(key)) is string unknown)
        {
            throw Problem($"has the unknown key \"{unknown}\"; known are {string.Join(", ", _read.Order())}");
        }
    }

    /// <summary>An error about the object, as one sentence.</summary>
    public InputException Problem(string problem) => new($"{Name} {problem}.");

    private JsonElement? Find(string key)
    {
        _read.Add(key);
        return _fields.TryGetValue(key, out JsonElement element) ? element : null;
    }
}
