using System.Text.Json;

namespace GpuDecodeBench.Benchmarks.Cold;

/// <summary>One line of a measurement's file. The programs of benchmarks/peers write the same names.</summary>
internal sealed record ColdResult
{
    /// <summary>How this program calls itself in <see cref="Program"/>.</summary>
    public const string OwnName = "gpu-decode-bench";

    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web);

    public required string Program { get; init; }

    /// <summary><c>matmul</c> or <c>attention</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The format, by the program's own name for it.</summary>
    public required string Type { get; init; }

    /// <summary>How the program stores it, where it has several ways.</summary>
    public required string Layout { get; init; }

    public required int K { get; init; }

    public required int N { get; init; }

    public required int Batch { get; init; }

    public required int Context { get; init; }

    /// <summary>Seconds of one product or attention: the median of the turns.</summary>
    public required double Seconds { get; init; }

    /// <summary>Bytes of one matrix or cache in the format's layout.</summary>
    public required long Bytes { get; init; }

    public required double BytesPerSecond { get; init; }

    /// <summary>The median of the turns' shares, each of the ceiling right before and after it.</summary>
    public required double ShareOfCeiling { get; init; }

    public required double Flops { get; init; }

    public required double FlopsPerSecond { get; init; }

    /// <summary>Share of the FP32 multiply-adds that the threads reach with operands in registers; null where not measured.</summary>
    public double? ShareOfFmaPeak { get; init; }

    public required int Turns { get; init; }

    public required double CeilingBytesPerSecond { get; init; }

    /// <summary>Distinct matrices or caches in rotation.</summary>
    public required int Pieces { get; init; }

    public required int PiecesPerTurn { get; init; }

    public required double[] TurnSeconds { get; init; }

    public required double[] TurnCeilings { get; init; }

    public static ColdResult FromJson(string line) =>
        JsonSerializer.Deserialize<ColdResult>(line, s_options) ?? throw new FormatException("An empty line.");

    public string ToJson() => JsonSerializer.Serialize(this, s_options);
}
