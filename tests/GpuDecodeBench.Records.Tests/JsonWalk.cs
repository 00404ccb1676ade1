using System.Text.Json.Nodes;

namespace GpuDecodeBench.Records.Tests;

/// <summary>Every field and element of a JSON tree, by the route that leads to it.</summary>
internal static class JsonWalk
{
    /// <summary>The routes to all nodes below the root, each a list of names and indices.</summary>
    public static IEnumerable<object[]> Routes(JsonNode? node)
    {
        IEnumerable<(object Step, JsonNode? Child)> children = node switch
        {
            JsonObject fields => fields.Select(field => ((object)field.Key, field.Value)),
            JsonArray items => items.Select((item, index) => ((object)index, item)),
            _ => [],
        };
        foreach ((object step, JsonNode? child) in children)
        {
            yield return [step];
            foreach (object[] rest in Routes(child))
            {
                yield return [step, .. rest];
            }
        }
    }

    /// <summary>The node at the end of a route.</summary>
    public static JsonNode? At(JsonNode root, IEnumerable<object> route) =>
        route.Aggregate((JsonNode?)root, (node, step) => step is string name ? node![name] : node![(int)step]);

    /// <summary>Puts a node at the end of a route.</summary>
    public static void Replace(JsonNode root, object[] route, JsonNode? value)
    {
        JsonNode parent = At(root, route[..^1])!;
        if (route[^1] is string name)
        {
            parent[name] = value;
        }
        else
        {
            parent[(int)route[^1]] = value;
        }
    }

    /// <summary>Removes the node at the end of a route.</summary>
    public static void Remove(JsonNode root, object[] route)
    {
        JsonNode parent = At(root, route[..^1])!;
        if (route[^1] is string name)
        {
            parent.AsObject().Remove(name);
        }
        else
        {
            parent.AsArray().RemoveAt((int)route[^1]);
        }
    }

    /// <summary>The route to a path as messages write it: <c>points[0].batch</c>.</summary>
    public static object[] Route(string path) =>
        [
            .. path.Replace("[", ".[", StringComparison.Ordinal)
                .Split('.')
                .Select(part => part[0] == '[' ? (object)int.Parse(part.Trim('[', ']')) : part),
        ];
}
