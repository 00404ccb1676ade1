using System.Text;
using System.Text.Json.Nodes;

namespace GpuDecodeBench.Workload.Tests.Models;

/// <summary>Spoils configurations at random, the same way for the same seed.</summary>
internal sealed class ConfigMutator(int seed, IReadOnlyList<string> others)
{
    private static readonly string[] s_values =
    [
        "null",
        "true",
        "false",
        "\"\"",
        "\"\\ud800\"",
        "\"llama3\"",
        "\"yarn\"",
        "\"longrope\"",
        "\"sliding_attention\"",
        "[]",
        "{}",
        "[0]",
        "[1, 1e999]",
        "[[[[[[]]]]]]",
        "0",
        "-1",
        "1",
        "2",
        "7",
        "64",
        "4096",
        "131072",
        "0.5",
        "1e-320",
        "1e999",
        "-1e999",
        "2147483648",
        "9223372036854775807",
        "9223372036854775808",
        "123456789012345678901234567890",
    ];

    private readonly Random _random = new(seed);
    private readonly byte[][] _others = [.. others.Select(TestConfigs.Bytes)];

    /// <summary>A spoiled copy.</summary>
    public byte[] Mutate(byte[] original)
    {
        byte[] bytes = [.. original];
        switch (_random.Next(8))
        {
            case 0:
                for (int flips = _random.Next(1, 4); flips > 0; flips--)
                {
                    bytes[_random.Next(bytes.Length)] ^= (byte)(1 << _random.Next(8));
                }

                return bytes;
            case 1:
                return bytes[.._random.Next(bytes.Length)];
            case 2:
                bytes[_random.Next(bytes.Length)] = (byte)_random.Next(256);
                return bytes;
            case 3:
                return DeleteKeys(original);
            case 4:
                return Graft(original);
            default:
                return ReplaceValues(original);
        }
    }

    /// <summary>One to three values, at any depth, by others; put in as text, because a tree would not hold some of them.</summary>
    private byte[] ReplaceValues(byte[] original)
    {
        JsonNode root = JsonNode.Parse(original)!;
        int count = _random.Next(1, 4);
        for (int i = 0; i < count; i++)
        {
            (JsonNode container, object key) = Pick(root);
            if (container is JsonObject fields)
            {
                fields[(string)key] = Marker(i);
            }
            else
            {
                container.AsArray()[(int)key] = Marker(i);
            }
        }

        string text = root.ToJsonString();
        for (int i = 0; i < count; i++)
        {
            string value = s_values[_random.Next(s_values.Length)];
            text = text.Replace($"\"{Marker(i)}\"", value, StringComparison.Ordinal);
        }

        return Encoding.UTF8.GetBytes(text);
    }

    private byte[] DeleteKeys(byte[] original)
    {
        JsonNode root = JsonNode.Parse(original)!;
        for (int count = _random.Next(1, 4); count > 0; count--)
        {
            (JsonNode container, object key) = Pick(root);
            if (container is JsonObject fields)
            {
                fields.Remove((string)key);
            }
            else
            {
                container.AsArray().RemoveAt((int)key);
            }
        }

        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    /// <summary>A key of another configuration, its architecture among them, in the place of this one's.</summary>
    private byte[] Graft(byte[] original)
    {
        JsonObject root = JsonNode.Parse(original)!.AsObject();
        JsonObject other = JsonNode.Parse(_others[_random.Next(_others.Length)])!.AsObject();
        for (int count = _random.Next(1, 4); count > 0; count--)
        {
            string key = _random.Next(4) == 0 ? "model_type" : other.ElementAt(_random.Next(other.Count)).Key;
            root[key] = other[key]?.DeepClone();
        }

        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    /// <summary>A place in an object or array: at each one that holds others, half of the times, inside it.</summary>
    private (JsonNode Container, object Key) Pick(JsonNode root)
    {
        JsonNode container = root;
        while (true)
        {
            (object Key, JsonNode? Value)[] places = container is JsonObject fields
                ? [.. fields.Select(field => ((object)field.Key, field.Value))]
                : [.. container.AsArray().Select((value, index) => ((object)index, value))];
            (object Key, JsonNode? Value)[] inner = [.. places.Where(place => IsFilled(place.Value))];
            if (inner.Length == 0 || _random.Next(2) == 0)
            {
                return (container, places[_random.Next(places.Length)].Key);
            }

            container = inner[_random.Next(inner.Length)].Value!;
        }
    }

    private static bool IsFilled(JsonNode? node) => node is JsonObject { Count: > 0 } or JsonArray { Count: > 0 };

    private static string Marker(int index) => $"@@value{index}@@";
}
