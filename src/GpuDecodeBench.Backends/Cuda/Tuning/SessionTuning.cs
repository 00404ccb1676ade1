using System.Diagnostics;
using GpuDecodeBench.Backends.Cuda.Arguments;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Cuda.Weights;

namespace GpuDecodeBench.Backends.Cuda.Tuning;

/// <summary>
/// Times candidates with a session's own weights, cache and activations, cold: each turn takes the next of the layers, and what
/// those of a turn leave of the last-level cache is overwritten where they do not do so themselves.
/// </summary>
internal sealed class SessionTuning : ITuningTimer, IDisposable
{
    /// <summary>Operations of a turn, at most: launched one after the other and timed as one.</summary>
    private const int MostOperations = 8;

    /// <summary>Last-level caches that a turn must read so that nothing of it is there when it comes again.</summary>
    private const int ColdCaches = 4;

    private const int EvictionThreads = 256;
    private const int EvictionBlocksPerMultiprocessor = 8;
    private const int TeamsPerBlock = EvictionThreads / 32;

    private readonly CudaDevice _device;
    private readonly CudaModel _model;
    private readonly CudaStepMemory _memory;
    private readonly CudaStream _stream;
    private readonly HeldTimer _timer;
    private readonly CudaBuffer _sums;
    private readonly Dictionary<int, CudaWork[][]> _work = [];
    private TuningTask? _task;
    private long _clock;

    public SessionTuning(CudaDevice device, CudaModel model, CudaStepMemory memory)
    {
        _device = device;
        _model = model;
        _memory = memory;
        _stream = device.Context.CreateStream();
        _timer = new HeldTimer(device, _stream);
        _sums = device.Context.Allocate(
            (long)EvictionBlocks * TeamsPerBlock * sizeof(uint),
            "The results of emptying the cache"
        );
    }

    public double ElapsedSeconds => Stopwatch.GetElapsedTime(_clock).TotalSeconds;

    private int EvictionBlocks => EvictionBlocksPerMultiprocessor * _device.Information.MultiprocessorCount;

    private long ColdBytes => ColdCaches * _device.Information.L2Bytes;

    /// <summary>Finds what the device does not know yet of the session's step.</summary>
    public void Run(CancellationToken cancellation)
    {
        _clock = Stopwatch.GetTimestamp();
        TuningTaskCollector collector = _device.CollectTasks();
        CudaWork[] step = [.. new CudaStepBuilder(_device, _model, _memory, collector).Build()];
        IReadOnlyList<TuningTask> tasks = collector.Tasks;
        if (tasks.Count == 0)
        {
            return;
        }

        // Activations and the choice of experts as a step has them; zeros would be computed with less power, and read no expert.
        LaunchAll(step);
        _stream.Synchronize();
        _clock = Stopwatch.GetTimestamp();
        _device.Tune(this, tasks, cancellation);

        // Its size was the largest that was tried.
        _work.Clear();
        _memory.DropScratch(CudaStepMemory.AttentionPartials);
        _memory.DropScratch(CudaStepMemory.LinearPartials);
    }

    public void Prepare(TuningTask task, int candidate)
    {
        LaunchAll(WorkOf(task, candidate)[0]);
        _stream.Synchronize();
    }

    public double Seconds(TuningTask task, int candidate, int turn)
    {
        CudaWork[][] all = WorkOf(task, candidate);
        (int operations, bool isCold) = TurnOf(task);
        CudaWork[] work =
        [
            .. Enumerable.Range(turn * operations, operations).SelectMany(index => all[index % all.Length]),
        ];
        double seconds = _timer.Seconds(
            CudaHold.ForLaunches(work.Length),
            () => LaunchAll(work),
            isCold ? null : EmptyCache
        );
        return seconds / operations;
    }

    public void Dispose()
    {
        _sums.Dispose();
        _timer.Dispose();
        _stream.Dispose();
    }

    /// <summary>How many of a shape's operations a turn takes, and whether they push each other out of the cache.</summary>
    private (int Operations, bool IsCold) TurnOf(TuningTask task)
    {
        int most = Math.Min(MostOperations, task.Operations.Count);
        long bytesEach = Math.Max(1, task.Bytes / task.Operations.Count);
        long needed = Math.Max(1, (ColdBytes + bytesEach - 1) / bytesEach);
        return needed <= most ? ((int)needed, true) : (most, false);
    }

    /// <summary>The launches of each of a shape's operations; those of the current shape are kept.</summary>
    private CudaWork[][] WorkOf(TuningTask task, int candidate)
    {
        if (!ReferenceEquals(task, _task))
        {
            _task = task;
            _work.Clear();
        }

        if (!_work.TryGetValue(candidate, out CudaWork[][]? work))
        {
            var builder = new CudaStepBuilder(_device, _model, _memory, new NumberedChoices(candidate));
            work = [.. task.Operations.Select(operation => builder.Build(operation).ToArray())];
            _work.Add(candidate, work);
        }

        return work;
    }

    /// <summary>Reads the largest tensor there is, or as much of it as fills the cache often enough.</summary>
    private void EmptyCache()
    {
        if (_device.Store.Largest is not CudaBuffer largest)
        {
            return;
        }

        _stream.Launch(
            new CudaLaunch(
                _device.Kernels.Get("stream", "read_stream_u4"),
                new CudaDim3(EvictionBlocks),
                new CudaDim3(EvictionThreads),
                0,
                ProgrammaticDependent: false
            ),
            new StreamArguments
            {
                Source = largest.Address,
                Target = _sums.Address,
                Chunks = (ulong)(Math.Min(largest.Bytes, ColdBytes) / TileLayout.ChunkBytes),
            },
            "emptying the cache"
        );
    }

    private void LaunchAll(IEnumerable<CudaWork> work)
    {
        foreach (CudaWork each in work)
        {
            _stream.Launch(each.Launch, each.Arguments, each.What);
        }
    }
}
