namespace GpuDecodeBench.Backends.Cuda.Tuning;

/// <summary>Times candidates, and knows how long it has been at it.</summary>
internal interface ITuningTimer
{
    /// <summary>Seconds since the tuning of a session began.</summary>
    double ElapsedSeconds { get; }

    /// <summary>Runs a candidate once before it is timed: what a first launch costs is none of its own.</summary>
    void Prepare(TuningTask task, int candidate);

    /// <summary>The time of one execution.</summary>
    /// <param name="task">The shape.</param>
    /// <param name="candidate">The number of the candidate.</param>
    /// <param name="turn">Candidates of the same turn are timed on the same weights or caches; the next turn takes others.</param>
    double Seconds(TuningTask task, int candidate, int turn);
}
