using System.Text.Json;
using GpuDecodeBench.Reporting.Tables;

namespace GpuDecodeBench.Reporting.Tests;

public class LlamaBenchTableTests
{
    /// <summary>The names of llama-bench's JSON at commit 0104b15, without those that would mean something else here.</summary>
    private static readonly string[] s_theirs =
    [
        "build_commit",
        "cpu_info",
        "gpu_info",
        "backends",
        "model_type",
        "model_n_params",
        "n_threads",
        "type_k",
        "type_v",
        "n_prompt",
        "n_gen",
        "n_depth",
        "test_time",
        "avg_ns",
        "stddev_ns",
        "avg_ts",
        "stddev_ts",
        "samples_ns",
        "samples_ts",
    ];

    /// <summary>
    /// Samples of 4, 5 and 4.5 ms at batch 2: the mean is 4.5 ms, the deviation over n − 1 = 2 is √((0.5² + 0.5²) / 2) = 0.5 ms; tokens a
    /// second are 500, 400 and 444.4, their mean 448.1. A context of 1025 with the step's own token lies 1024 deep.
    /// </summary>
    [Fact]
    public void FiguresAreThoseOfTheSamplesInTheirUnits()
    {
        JsonElement row = Row(0);
        Assert.Equal(4_500_000, row.GetProperty("avg_ns").GetInt64());
        Assert.Equal(500_000, row.GetProperty("stddev_ns").GetInt64());
        Assert.Equal(
            [4_000_000, 5_000_000, 4_500_000],
            row.GetProperty("samples_ns").EnumerateArray().Select(e => e.GetInt64())
        );
        Assert.Equal((500 + 400 + (2 / 0.0045)) / 3, row.GetProperty("avg_ts").GetDouble(), 9);
        Assert.Equal(1024, row.GetProperty("n_depth").GetInt32());
        Assert.Equal(8, row.GetProperty("n_threads").GetInt32());
        Assert.Equal("2026-01-31T12:00:00Z", row.GetProperty("test_time").GetString());
        Assert.Equal("f16", row.GetProperty("type_k").GetString());
    }

    [Fact]
    public void NamesAreTheirsAndInTheirOrder() =>
        Assert.Equal(s_theirs, Row(0).EnumerateObject().Select(property => property.Name).Take(s_theirs.Length));

    [Fact]
    public void OfFewerLayersNothingIsSaidOfATokensTime()
    {
        JsonElement row = Row(1);
        Assert.All(s_theirs[^6..], name => Assert.Equal(JsonValueKind.Null, row.GetProperty(name).ValueKind));
        Assert.NotEqual("", row.GetProperty("unavailable_reason").GetString());
    }

    private static JsonElement Row(int index)
    {
        string line = Render.JsonLines(LlamaBenchTable.From(TestRuns.Sampled())).Split('\n')[index];
        using var document = JsonDocument.Parse(line);
        JsonElement row = document.RootElement.Clone();
        // The first property says of which table the row is.
        return JsonDocument
            .Parse(JsonSerializer.Serialize(row.EnumerateObject().Skip(1).ToDictionary(p => p.Name, p => p.Value)))
            .RootElement;
    }
}
