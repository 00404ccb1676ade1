using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace GpuDecodeBench.Records.Tests;

/// <summary>
/// The part of JSON Schema 2020-12 that docs/run-record.schema.json uses. A keyword it does not know is an error, so that
/// the schema cannot promise what is not checked here.
/// </summary>
internal sealed class SchemaValidator(JsonObject schema)
{
    private static readonly HashSet<string> s_annotations =
    [
        "$schema",
        "$id",
        "$comment",
        "$defs",
        "title",
        "description",
        "format",
    ];

    /// <summary>The first thing wrong with the document; null where it is valid.</summary>
    public string? Validate(JsonNode? document) => Check(schema, document, "$");

    private string? Check(JsonNode rules, JsonNode? value, string at)
    {
        if (rules is JsonValue constant)
        {
            return constant.GetValue<bool>() ? null : $"{at} is not allowed";
        }

        foreach ((string keyword, JsonNode? rule) in rules.AsObject())
        {
            if (CheckKeyword(rules.AsObject(), keyword, rule!, value, at) is string problem)
            {
                return problem;
            }
        }

        return null;
    }

    private string? CheckKeyword(JsonObject rules, string keyword, JsonNode rule, JsonNode? value, string at)
    {
        JsonObject? fields = value as JsonObject;
        switch (keyword)
        {
            case "$ref":
                string name = rule.GetValue<string>()["#/$defs/".Length..];
                return Check(schema["$defs"]![name]!, value, at);
            case "type":
                return
                    Types(rule).Contains(TypeOf(value))
                    || (TypeOf(value) == "integer" && Types(rule).Contains("number"))
                    ? null
                    : $"{at} is {TypeOf(value)}, not {rule.ToJsonString()}";
            case "const":
                return JsonNode.DeepEquals(rule, value) ? null : $"{at} is not {rule.ToJsonString()}";
            case "enum":
                return rule.AsArray().Any(item => JsonNode.DeepEquals(item, value))
                    ? null
                    : $"{at} is not one of {rule.ToJsonString()}";
            case "minimum":
                return Number(value) < rule.GetValue<double>() ? $"{at} is too small" : null;
            case "exclusiveMinimum":
                return Number(value) <= rule.GetValue<double>() ? $"{at} is too small" : null;
            case "maximum":
                return Number(value) > rule.GetValue<double>() ? $"{at} is too large" : null;
            case "pattern":
                return
                    TypeOf(value) == "string"
                    && !Regex.IsMatch(
                        value!.GetValue<string>(),
                        rule.GetValue<string>(),
                        RegexOptions.None,
                        TimeSpan.FromSeconds(1)
                    )
                    ? $"{at} does not match"
                    : null;
            case "required":
                string? absent = rule.AsArray()
                    .Select(item => item!.GetValue<string>())
                    .FirstOrDefault(item => fields?.ContainsKey(item) == false);
                return absent is null ? null : $"{at}.{absent} is missing";
            case "properties":
                return First(
                    fields,
                    field => rule[field.Key] is JsonNode sub ? Check(sub, field.Value, $"{at}.{field.Key}") : null
                );
            case "additionalProperties":
                var known = rules["properties"] as JsonObject;
                return First(
                    fields,
                    field =>
                        known?.ContainsKey(field.Key) == true ? null : Check(rule, field.Value, $"{at}.{field.Key}")
                );
            case "items":
                return (value as JsonArray)
                    ?.Select((item, index) => Check(rule, item, $"{at}[{index}]"))
                    .FirstOrDefault(problem => problem is not null);
            case "anyOf":
                return rule.AsArray().Any(option => Check(option!, value, at) is null)
                    ? null
                    : $"{at} fits no alternative";
            case "allOf":
                return rule.AsArray()
                    .Select(option => Check(option!, value, at))
                    .FirstOrDefault(problem => problem is not null);
            case "if":
                return rules[Check(rule, value, at) is null ? "then" : "else"] is JsonNode branch
                    ? Check(branch, value, at)
                    : null;
            case "then" or "else":
                return null;
            default:
                return s_annotations.Contains(keyword)
                    ? null
                    : throw new NotSupportedException($"keyword {keyword} at {at}");
        }
    }

    private static string? First(JsonObject? fields, Func<KeyValuePair<string, JsonNode?>, string?> check) =>
        fields?.Select(check).FirstOrDefault(problem => problem is not null);

    private static string[] Types(JsonNode rule) =>
        rule is JsonArray list ? [.. list.Select(item => item!.GetValue<string>())] : [rule.GetValue<string>()];

    private static double? Number(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.Number ? JsonSerializer.Deserialize<double>(value.ToJsonString()) : null;

    private static string TypeOf(JsonNode? value) =>
        value?.GetValueKind() switch
        {
            null or JsonValueKind.Null => "null",
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            _ => Number(value) is double number && Math.Floor(number) == number ? "integer" : "number",
        };
}
