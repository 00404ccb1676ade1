using GpuDecodeBench.Backends.Cpu.Kernels;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>Each worker's own memory for wide matrix products; none where no batch is wide.</summary>
internal sealed unsafe class WorkerScratch : IDisposable
{
    private readonly NativeBuffer? _memory;

    public WorkerScratch(int workers, int largestBatch)
    {
        Workers = workers;
        if (largestBatch >= WideScratch.SmallestBatch)
        {
            _memory = new NativeBuffer((long)workers * WideScratch.Floats * sizeof(float));
        }
    }

    /// <summary>Workers.</summary>
    public int Workers { get; }

    /// <summary>Memory taken.</summary>
    public long AllocatedBytes => _memory?.Bytes ?? 0;

    /// <summary>A worker's memory; null where there is none.</summary>
    public float* Of(int worker) => _memory is null ? null : _memory.Floats + ((long)worker * WideScratch.Floats);

    public void Dispose() => _memory?.Dispose();
}
