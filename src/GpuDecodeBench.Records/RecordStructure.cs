using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace GpuDecodeBench.Records;

/// <summary>
/// Compares a JSON document with the serialiser's own picture of <see cref="RunRecord"/>, field by field, so that a message can
/// name the field at fault and what is accepted there. What passes can be deserialised.
/// </summary>
internal sealed class RecordStructure
{
    private readonly string _name;
    private readonly FieldPath _path = new();

    private RecordStructure(string name) => _name = name;

    /// <summary>Checks a whole record.</summary>
    /// <exception cref="RecordFormatException">A field is missing, of the wrong type, null or out of range.</exception>
    public static void Check(JsonElement root, string name) =>
        new RecordStructure(name).CheckObject(root, RecordJson.Strict.RunRecord);

    /// <summary>Whether a document must have the field: a required property, or a constructor parameter with no default.</summary>
    public static bool IsRequired(JsonPropertyInfo property) =>
        property.IsRequired || property.AssociatedParameter is { HasDefaultValue: false, IsNullable: false };

    /// <summary>Whether the field may be null.</summary>
    public static bool IsNullable(JsonPropertyInfo property) =>
        property.PropertyType.IsValueType
            ? Nullable.GetUnderlyingType(property.PropertyType) is not null
            : property.IsGetNullable;

    private void CheckObject(JsonElement element, JsonTypeInfo type)
    {
        Require(element, JsonValueKind.Object, "an object");
        foreach (JsonPropertyInfo property in type.Properties)
        {
            if (property.IsExtensionData)
            {
                continue;
            }

            _path.Push(property.Name);
            if (!element.TryGetProperty(property.Name, out JsonElement value))
            {
                if (IsRequired(property))
                {
                    throw Error($"is missing; {Accepted(property.PropertyType)} is required.");
                }
            }
            else if (value.ValueKind != JsonValueKind.Null)
            {
                CheckValue(value, property.PropertyType, property.Name);
            }
            else if (!IsNullable(property))
            {
                throw Error($"is null; {Accepted(property.PropertyType)} is required.");
            }

            _path.Pop();
        }

        CheckRules(element, type.Type);
    }

    private void CheckValue(JsonElement element, Type type, string field)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain == typeof(string))
        {
            Require(element, JsonValueKind.String, Accepted(plain));
        }
        else if (plain == typeof(bool))
        {
            if (element.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            {
                throw Wrong(element, Accepted(plain));
            }
        }
        else if (plain == typeof(DateTimeOffset))
        {
            CheckTime(element);
        }
        else if (plain == typeof(Provenance))
        {
            CheckKind(element);
        }
        else if (plain.IsPrimitive)
        {
            CheckNumber(element, plain, field);
        }
        else
        {
            CheckContainer(element, RecordJson.Strict.Options.GetTypeInfo(plain), field);
        }
    }

    private void CheckContainer(JsonElement element, JsonTypeInfo type, string field)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Enumerable:
                Require(element, JsonValueKind.Array, "a list");
                long index = 0;
                foreach (JsonElement item in element.EnumerateArray())
                {
                    _path.Push(index++);
                    CheckItem(item, type.ElementType!, field);
                    _path.Pop();
                }

                break;
            case JsonTypeInfoKind.Dictionary:
                Require(element, JsonValueKind.Object, "an object");
                foreach (JsonProperty entry in element.EnumerateObject())
                {
                    _path.Push(entry.Name);
                    CheckItem(entry.Value, type.ElementType!, field);
                    _path.Pop();
                }

                break;
            default:
                CheckObject(element, type);
                break;
        }
    }

    private void CheckItem(JsonElement item, Type type, string field)
    {
        if (item.ValueKind == JsonValueKind.Null)
        {
            throw Error($"is null; {Accepted(type)} is required.");
        }

        CheckValue(item, type, field);
    }

    private void CheckNumber(JsonElement element, Type type, string field)
    {
        Require(element, JsonValueKind.Number, Accepted(type));
        double value = element.GetDouble();
        if (!double.IsFinite(value))
        {
            throw Error($"is {Shown(element)}, which is too large for a number.");
        }

        double? minimum = FieldLimits.MinimumOf(field, out bool exclusive);
        if (value < minimum || (exclusive && value == minimum))
        {
            string bound = exclusive ? "above" : "of at least";
            throw Error($"is {Shown(element)}; a number {bound} {minimum} is required.");
        }

        bool fits =
            type == typeof(double)
            || (type == typeof(long) && element.TryGetInt64(out _))
            || (type == typeof(int) && element.TryGetInt32(out _))
            || (type == typeof(ulong) && element.TryGetUInt64(out _));
        if (!fits)
        {
            throw Error($"is {Shown(element)}; {Accepted(type)} is required.");
        }
    }

    private void CheckTime(JsonElement element)
    {
        Require(element, JsonValueKind.String, Accepted(typeof(DateTimeOffset)));
        string text = element.GetString()!;
        bool utc = text.EndsWith('Z') || text.EndsWith("+00:00", StringComparison.Ordinal);
        if (!utc || !element.TryGetDateTimeOffset(out _))
        {
            throw Wrong(element, Accepted(typeof(DateTimeOffset)));
        }
    }

    private void CheckKind(JsonElement element)
    {
        Require(element, JsonValueKind.String, Accepted(typeof(Provenance)));
        if (ProvenanceRules.Parse(element.GetString()!) is null)
        {
            throw Wrong(element, Accepted(typeof(Provenance)));
        }
    }

    /// <summary>The rules that the types keep in their constructors, told here with the path.</summary>
    private void CheckRules(JsonElement element, Type type)
    {
        if (type == typeof(ProvenanceNote))
        {
            Provenance kind = ProvenanceRules.Parse(Text(element, "kind")!)!.Value;
            if (
                ProvenanceRules.Check(kind, Text(element, "source"), Text(element, "reason")) is
                (string field, string problem)
            )
            {
                _path.Push(field);
                throw Error(problem);
            }
        }
        else if (type == typeof(Figure))
        {
            double? value =
                element.TryGetProperty("value", out JsonElement number) && number.ValueKind == JsonValueKind.Number
                    ? number.GetDouble()
                    : null;
            Provenance kind = ProvenanceRules.Parse(Text(element.GetProperty("provenance"), "kind")!)!.Value;
            if (ProvenanceRules.Check(value, kind) is string problem)
            {
                _path.Push("value");
                throw Error(problem);
            }
        }
    }

    private static string? Text(JsonElement element, string field) =>
        element.TryGetProperty(field, out JsonElement value) ? value.GetString() : null;

    private void Require(JsonElement element, JsonValueKind kind, string accepted)
    {
        if (element.ValueKind != kind)
        {
            throw Wrong(element, accepted);
        }
    }

    private RecordFormatException Wrong(JsonElement element, string accepted) =>
        Error($"is {Shown(element)}; {accepted} is required.");

    private RecordFormatException Error(string problem) => new($"{_name}: {_path} {problem}");

    private static string Shown(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            JsonValueKind.String => $"the text \"{FieldPath.Printable(element.GetString()!)}\"",
            _ => FieldPath.Printable(element.GetRawText()),
        };

    private static string Accepted(Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain switch
        {
            _ when plain == typeof(string) => "text",
            _ when plain == typeof(bool) => "true or false",
            _ when plain == typeof(double) => "a finite number",
            _ when plain == typeof(int) => Whole(int.MaxValue),
            _ when plain == typeof(long) => Whole(long.MaxValue),
            _ when plain == typeof(ulong) => Whole(ulong.MaxValue),
            _ when plain == typeof(DateTimeOffset) => "a time in UTC such as 2026-01-31T12:00:00Z",
            _ when plain == typeof(Provenance) => $"one of {ProvenanceRules.Names}",
            _ => RecordJson.Strict.Options.GetTypeInfo(plain).Kind == JsonTypeInfoKind.Enumerable
                ? "a list"
                : "an object",
        };
    }

    private static string Whole(ulong largest) =>
        $"a whole number up to {largest.ToString(CultureInfo.InvariantCulture)}, without fraction or exponent,";
}
