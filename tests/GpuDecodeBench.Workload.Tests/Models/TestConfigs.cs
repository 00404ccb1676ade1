using System.Text;
using System.Text.Json.Nodes;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Workload.Tests.Models;

/// <summary>Configurations to read: the published ones beside this file, and a small one to spoil.</summary>
internal static class TestConfigs
{
    /// <summary>The name that configurations in memory are read under.</summary>
    public const string File = "spoiled/config.json";

    /// <summary>The published configurations, by file name.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [.. Directory.GetFiles(Folder, "*.json").Select(path => System.IO.Path.GetFileNameWithoutExtension(path)).Order()];

    private static string Folder => System.IO.Path.Combine(AppContext.BaseDirectory, "Models", "Configs");

    public static string Path(string name) => System.IO.Path.Combine(Folder, name + ".json");

    public static byte[] Bytes(string name) => System.IO.File.ReadAllBytes(Path(name));

    /// <summary>A small valid llama configuration.</summary>
    public static JsonObject Small() =>
        new()
        {
            ["model_type"] = "llama",
            ["num_hidden_layers"] = 4,
            ["hidden_size"] = 256,
            ["num_attention_heads"] = 8,
            ["num_key_value_heads"] = 2,
            ["intermediate_size"] = 704,
            ["vocab_size"] = 2048,
            ["max_position_embeddings"] = 4096,
            ["rms_norm_eps"] = 1e-5,
        };

    /// <summary>The small configuration with some keys set to raw JSON, or removed where the value is null.</summary>
    public static string With(params (string Key, string? Json)[] changes)
    {
        JsonObject config = Small();
        foreach ((string key, string? _) in changes)
        {
            config.Remove(key);
        }

        // Put together as text, because a JsonObject would not hold some of what the tests need, such as 1e999.
        string kept = config.ToJsonString()[1..^1];
        IEnumerable<string> added = changes
            .Where(change => change.Json is not null)
            .Select(change => $"\"{change.Key}\": {change.Json}");
        return "{" + string.Join(", ", added.Prepend(kept)) + "}";
    }

    /// <summary>Some changes, and others that replace those of the same key.</summary>
    public static (string Key, string? Json)[] Over(
        (string Key, string? Json)[] first,
        params (string Key, string? Json)[] then
    ) => [.. first.Where(change => then.All(later => later.Key != change.Key)), .. then];

    /// <summary>An array of <c>layer_types</c>: s for a layer with a window, f for one without.</summary>
    public static string LayerTypes(string letters) =>
        "["
        + string.Join(',', letters.Select(type => type == 's' ? "\"sliding_attention\"" : "\"full_attention\""))
        + "]";

    /// <summary>Each layer's window: s or -.</summary>
    public static string Windows(ModelShape model) =>
        string.Concat(model.Layers.Select(layer => layer.Attention.Window is null ? '-' : 's'));

    public static ModelShape Read(string json) => HuggingFaceConfigReader.Read(Encoding.UTF8.GetBytes(json), File);

    public static ModelShape ReadWith(params (string Key, string? Json)[] changes) => Read(With(changes));

    /// <summary>The message with which a text is refused: one line, ending in a full stop, that begins with the file's name.</summary>
    public static string Refusal(byte[] json)
    {
        InputException refusal = Assert.Throws<InputException>(() => HuggingFaceConfigReader.Read(json, File));
        AssertSentence(refusal.Message);
        Assert.StartsWith(File + ": ", refusal.Message, StringComparison.Ordinal);
        return refusal.Message;
    }

    public static string Refusal(string json) => Refusal(Encoding.UTF8.GetBytes(json));

    public static string RefusalWith(params (string Key, string? Json)[] changes) => Refusal(With(changes));

    public static void AssertSentence(string message)
    {
        Assert.DoesNotContain('\n', message);
        Assert.EndsWith(".", message, StringComparison.Ordinal);
        Assert.InRange(message.Length, 20, 400);
    }
}
