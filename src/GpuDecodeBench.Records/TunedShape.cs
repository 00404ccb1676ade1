using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>The fastest of several ways of launching an operation of one shape.</summary>
public sealed record TunedShape
{
    /// <summary>The kind of operation: <c>linear</c> or <c>attention</c>.</summary>
    public required string Operation { get; init; }

    /// <summary>What of the operation decides which way is fastest, in the backend's words.</summary>
    public required string Shape { get; init; }

    /// <summary>What the backend would have taken without trying, in its words.</summary>
    public required string Guess { get; init; }

    /// <summary>What was taken, in the backend's words; the guess where nothing was clearly faster.</summary>
    public required string Choice { get; init; }

    /// <summary>The median time of one execution as guessed, in seconds.</summary>
    public required double GuessSeconds { get; init; }

    /// <summary>The median time of one execution as chosen, in seconds.</summary>
    public required double ChosenSeconds { get; init; }

    /// <summary>Ways that were timed, the guess among them.</summary>
    public required int CandidatesTried { get; init; }

    /// <summary>Whether an earlier run found it, and its times are that run's.</summary>
    public required bool Reused { get; init; }

    /// <summary>Fields that this version does not know; kept when the record is written again.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }
}
