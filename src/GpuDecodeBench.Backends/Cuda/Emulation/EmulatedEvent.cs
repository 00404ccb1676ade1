using GpuDecodeBench.Ptx;

namespace GpuDecodeBench.Backends.Cuda.Emulation;

/// <summary>An event: the host's clock when it was recorded.</summary>
internal sealed class EmulatedEvent
{
    /// <summary>Null until it is recorded.</summary>
    public long? Timestamp { get; set; }

    /// <summary>The launches ahead of it, which have ended once the host has waited for it; null until it is recorded.</summary>
    public (LaunchChain Chain, long Count)? Launches { get; set; }

    /// <summary>Whether it was last recorded on a stream that was being captured.</summary>
    public bool IsCaptured { get; set; }
}
