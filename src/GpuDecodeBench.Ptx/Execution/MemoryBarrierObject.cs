namespace GpuDecodeBench.Ptx.Execution;

/// <summary>An mbarrier in shared memory.</summary>
internal sealed class MemoryBarrierObject(int count)
{
    private int _count = count;

    /// <summary>Number of phases completed; the current phase's number.</summary>
    public uint Phase { get; private set; }

    public int Pending { get; private set; } = count;

    /// <summary>Bytes still expected in the phase.</summary>
    public long ExpectedBytes { get; private set; }

    /// <summary>What the arrivals of the current phase know of memory.</summary>
    public uint[] Arriving { get; } = new uint[Cta.AgentCount];

    /// <summary>What those of completed phases knew: what a wait makes known.</summary>
    public uint[] Completed { get; } = new uint[Cta.AgentCount];

    public void Arrive(int arrivals, bool drop)
    {
        Pending -= arrivals;
        _count -= drop ? arrivals : 0;
        TryComplete();
    }

    public void Expect(long bytes)
    {
        ExpectedBytes += bytes;
        TryComplete();
    }

    private void TryComplete()
    {
        if (Pending != 0 || ExpectedBytes != 0)
        {
            return;
        }
        Phase++;
        Pending = _count;
        Cta.Join(Completed, Arriving);
        Array.Clear(Arriving);
    }
}
