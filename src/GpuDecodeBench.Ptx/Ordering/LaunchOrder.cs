namespace GpuDecodeBench.Ptx.Ordering;

/// <summary>
/// How a launch stands to those before and behind it in its chain: what may run beside it, and what its CTAs did about that.
/// Workers only ever set what is to be true, from any thread.
/// </summary>
internal sealed class LaunchOrder(bool isProgrammatic, RunningLaunches beforeWait, RunningLaunches afterWait)
{
    private volatile bool _hasWaited = !isProgrammatic;
    private volatile bool _letsNextStart;
    private volatile bool _letsNextStartAfterWaitOnly;

    /// <summary>Whether it may begin before the launch ahead of it has ended.</summary>
    public bool IsProgrammatic { get; } = isProgrammatic;

    /// <summary>What may run until the launch has waited.</summary>
    public RunningLaunches BeforeWait { get; } = beforeWait;

    /// <summary>What may run even then, because a kernel in between did not wait for it.</summary>
    public RunningLaunches AfterWait { get; } = afterWait;

    /// <summary>Whether accesses of this launch can conflict with anything.</summary>
    public bool CanConflict => !BeforeWait.IsEmpty || !AfterWait.IsEmpty;

    /// <summary>Whether a thread waited, so that the launch has not ended before what it waits for.</summary>
    public bool HasWaited => _hasWaited;

    /// <summary>Whether a thread ran launch_dependents: the next launch may begin while this one's CTAs run.</summary>
    public bool LetsNextStart => _letsNextStart;

    /// <summary>Whether a CTA lets the next launch start only once it has waited itself; the next needs all CTAs.</summary>
    public bool LetsNextStartAfterWaitOnly => _letsNextStartAfterWaitOnly;

    public void NoteWait() => _hasWaited = true;

    public void NoteLetsNextStart() => _letsNextStart = true;

    public void NoteLetsNextStartAfterWaitOnly() => _letsNextStartAfterWaitOnly = true;
}
