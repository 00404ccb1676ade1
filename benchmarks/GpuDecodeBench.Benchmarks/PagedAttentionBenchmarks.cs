using BenchmarkDotNet.Attributes;
using GpuDecodeBench.Backends;
using GpuDecodeBench.Backends.Cpu;
using GpuDecodeBench.Backends.Cpu.Operations;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Benchmarks;

/// <summary>
/// The CPU's attention of one layer of an 8B Llama (32 query heads on 8 KV heads of 128) over a paged cache whose blocks are
/// scattered, cold. Each call takes the next of as many distinct caches as make a cold set.
/// </summary>
public unsafe class PagedAttentionBenchmarks : IDisposable
{
    private CpuTeam _team = null!;
    private MemoryReader _reader = null!;
    private CacheSet _set = null!;
    private int _next;

    [ParamsAllValues]
    public KvFormat Format { get; set; }

    [Params(1024, 4096, 16384)]
    public int Context { get; set; }

    [Params(1, 8, 32)]
    public int Batch { get; set; }

    /// <summary>Bytes of the keys and values of all tokens in one layer.</summary>
    public static long ReadBytes(KvFormat format, int context, int batch) => CacheSet.ReadBytes(format, context, batch);

    [GlobalSetup]
    public void Setup()
    {
        _team = new CpuTeam(Environment.ProcessorCount);
        _reader = new MemoryReader(_team, ChosenKernels.Kernels);
        _set = new CacheSet(_team, Format, Context, Batch, ColdSet.Bytes);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _set.Dispose();
        _team.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The same bytes only read, from first to last: what attention could reach at most.</summary>
    [Benchmark(Baseline = true)]
    public long ReadCeiling()
    {
        PagedKvCache cache = _set.Caches[Next()];
        return _reader.Read(cache.Keys(0, 0), cache.AllocatedBytes);
    }

    [Benchmark]
    public void PagedAttention()
    {
        CpuOperation[] operations = _set.Attentions[Next()];
        Array.ForEach(operations, operation => operation.Reset());
        _team.Run(worker =>
        {
            for (int i = 0; i < operations.Length; i++)
            {
                if (i > 0)
                {
                    _team.Barrier();
                }

                operations[i].Run(worker);
            }
        });
    }

    private int Next() => _next = (_next + 1) % _set.Caches.Length;
}
