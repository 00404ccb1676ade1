namespace GpuDecodeBench.Backends;

/// <summary>A device that tries several ways of launching an operation and keeps the fastest.</summary>
public interface ITunableDevice
{
    /// <summary>
    /// The longest that opening a session may spend on trying; nothing is tried where it is zero, as it is at first. What is not
    /// tried in time is launched as the backend guesses.
    /// </summary>
    TimeSpan TuningLimit { get; set; }

    /// <summary>What was found so far.</summary>
    TuningReport Tuning { get; }

    /// <summary>Takes what an earlier run found instead of trying again. Entries that do not fit are ignored and reported.</summary>
    /// <param name="entries">What was found.</param>
    void UseTuning(IReadOnlyList<TuningEntry> entries);
}
