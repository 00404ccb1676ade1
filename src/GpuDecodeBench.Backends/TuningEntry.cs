namespace GpuDecodeBench.Backends;

/// <summary>The fastest of several ways of launching an operation of one shape.</summary>
public sealed record TuningEntry
{
    /// <summary>The kind of operation: <c>linear</c>, <c>attention</c>.</summary>
    public required string Operation { get; init; }

    /// <summary>What of the operation decides which way is fastest, in the backend's words.</summary>
    public required string Shape { get; init; }

    /// <summary>What the backend would have taken without trying, in its words.</summary>
    public required string Guess { get; init; }

    /// <summary>What was fastest, in the backend's words; the guess where nothing was clearly faster.</summary>
    public required string Choice { get; init; }

    /// <summary>The median time of one execution as guessed, in seconds.</summary>
    public required double GuessSeconds { get; init; }

    /// <summary>The median time of one execution as chosen, in seconds.</summary>
    public required double ChosenSeconds { get; init; }

    /// <summary>Ways that were timed, the guess among them.</summary>
    public required int CandidatesTried { get; init; }

    /// <summary>Whether an earlier run found it.</summary>
    public bool Reused { get; init; }
}
