using GpuDecodeBench.Ptx;

namespace GpuDecodeBench.Backends.Cuda.Emulation;

/// <summary>A stream: work is done at once, or kept while a graph is captured.</summary>
internal sealed class EmulatedStream
{
    /// <summary>The launches that were done.</summary>
    public LaunchChain Chain { get; } = new();

    /// <summary>What is captured; null while work is done.</summary>
    public List<EmulatedNode>? Captured { get; set; }

    /// <summary>Whether something that cannot be captured was tried meanwhile.</summary>
    public bool IsCaptureBroken { get; set; }
}
