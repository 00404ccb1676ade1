using GpuDecodeBench.Ptx.Counters;

namespace GpuDecodeBench.Ptx.Execution;

/// <summary>Runs a launch's CTAs on several host threads, each taking the next CTA when it is done with one.</summary>
internal sealed class ParallelRun(Launch launch, int workers)
{
    private readonly Lock _totalLock = new();
    private readonly PtxFaultException?[] _faults = new PtxFaultException?[workers];
    private readonly Exception?[] _failures = new Exception?[workers];
    private WorkerCounters? _total;
    private long _next = -1;

    public WorkerCounters Run(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // The caller's thread is one of them.
        var threads = new Thread[workers - 1];
        for (var i = 0; i < threads.Length; i++)
        {
            var index = i + 1;
            threads[i] = new Thread(() => Work(index, stop)) { IsBackground = true };
            threads[i].Start();
        }
        Work(0, stop);
        foreach (var thread in threads)
        {
            thread.Join();
        }
        if (Array.Find(_faults, f => f is not null) is { } fault)
        {
            throw fault;
        }
        cancellation.ThrowIfCancellationRequested();
        return Array.Find(_failures, f => f is not null) is { } failure
            ? throw new InvalidOperationException("a worker failed", failure)
            : _total!;
    }

    private void Work(int index, CancellationTokenSource stop)
    {
        var ctas = launch.Grid.Count;
        try
        {
            using var worker = new Worker(launch, index);
            for (var cta = Interlocked.Increment(ref _next); cta < ctas; cta = Interlocked.Increment(ref _next))
            {
                worker.RunCta(cta, stop.Token);
            }
            lock (_totalLock)
            {
                // Those of the first to end, which nobody needs any more, become the sum.
                if (_total is null)
                {
                    _total = worker.Counters;
                }
                else
                {
                    _total.Add(worker.Counters);
                }
            }
        }
        catch (PtxFaultException fault)
        {
            _faults[index] = fault;
            stop.Cancel();
        }
        catch (OperationCanceledException)
        {
            // Another worker's fault or the caller's wish; either is thrown where the threads are joined.
        }
#pragma warning disable CA1031 // Nothing may escape a thread; it is thrown again where the threads are joined.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _failures[index] = failure;
            stop.Cancel();
        }
    }
}
