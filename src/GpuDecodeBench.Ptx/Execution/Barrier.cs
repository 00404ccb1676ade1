namespace GpuDecodeBench.Ptx.Execution;

/// <summary>One of a CTA's numbered barriers.</summary>
internal sealed class Barrier
{
    /// <summary>Threads that arrived, waiting or not.</summary>
    public int Arrived { get; set; }

    /// <summary>Threads it takes; 0 stands for all that have not ended.</summary>
    public int Expected { get; set; }

    /// <summary>Reduction of the waiting threads' predicates: how many were true and how many took part.</summary>
    public int True { get; set; }

    public int Voted { get; set; }

    /// <summary>What the arrived warps know of memory together.</summary>
    public uint[] Known { get; } = new uint[Cta.AgentCount];

    public void Clear()
    {
        Arrived = 0;
        Expected = 0;
        True = 0;
        Voted = 0;
        Array.Clear(Known);
    }
}
