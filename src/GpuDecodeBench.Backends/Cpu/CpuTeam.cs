namespace GpuDecodeBench.Backends.Cpu;

/// <summary>
/// A fixed team of threads that run the same piece of work together. The threads are started once and kept; between pieces of
/// work they spin for a moment, then sleep.
/// </summary>
internal sealed class CpuTeam : IDisposable
{
    /// <summary>Spins before a waiting thread gives its processor away: some 100 µs, longer than any gap inside a step.</summary>
    private const int SpinsBeforeYield = 2_000;

    private readonly Thread[] _threads;
    private readonly ThreadWait?[] _waits;
    private int _caller = -1;
    private readonly object _wake = new();
    private Action<int>? _work;
    private volatile int _generation;
    private volatile int _finished;
    private volatile int _sleeping;
    private volatile bool _stop;

    // The barrier's counter and phase lie on cache lines of their own.
    private readonly int[] _barrier = new int[64];

    public CpuTeam(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        Size = size;
        _threads = new Thread[size - 1];
        _waits = new ThreadWait?[size];
        for (int i = 0; i < _threads.Length; i++)
        {
            int worker = i + 1;
            _threads[i] = new Thread(() => Loop(worker))
            {
                IsBackground = true,
                Name = $"decode {worker}",
                Priority = ThreadPriority.AboveNormal,
            };
            _threads[i].Start();
        }
    }

    /// <summary>Threads in the team, the caller included.</summary>
    public int Size { get; }

    /// <summary>Threads that sleep until there is work again.</summary>
    internal int Sleeping => _sleeping;

    /// <summary>
    /// How long each thread of the team, the calling one first, had work and no processor since it began, in seconds; null where the
    /// system does not tell that of all of them. To be called by the thread that calls <see cref="Run"/>.
    /// </summary>
    public double[]? ReadWaitSeconds()
    {
        if (_caller != Environment.CurrentManagedThreadId)
        {
            _caller = Environment.CurrentManagedThreadId;
            _waits[0]?.Dispose();
            _waits[0] = ThreadWait.OfThisThread();
        }

        var seconds = new double[Size];
        for (int i = 0; i < Size; i++)
        {
            if (Volatile.Read(ref _waits[i])?.ReadSeconds() is not double waited)
            {
                return null;
            }

            seconds[i] = waited;
        }

        return seconds;
    }

    /// <summary>Runs work on every thread, the caller as worker 0, and returns when all are done.</summary>
    public void Run(Action<int> work)
    {
        if (Size == 1)
        {
            work(0);
            return;
        }

        _work = work;
        _finished = 0;
        Interlocked.Increment(ref _generation);
        WakeSleepers();

        RunGuarded(0);
        var spinner = default(Spinner);
        while (_finished < Size - 1)
        {
            spinner.Once();
        }

        _work = null;
    }

    /// <summary>Waits inside a piece of work until every thread of the team has come here.</summary>
    public void Barrier()
    {
        if (Size == 1)
        {
            return;
        }

        ref int count = ref _barrier[16];
        ref int phase = ref _barrier[48];
        int before = Volatile.Read(ref phase);
        if (Interlocked.Increment(ref count) == Size)
        {
            Volatile.Write(ref count, 0);
            Interlocked.Increment(ref phase);
            return;
        }

        var spinner = default(Spinner);
        while (Volatile.Read(ref phase) == before)
        {
            spinner.Once();
        }
    }

    public void Dispose()
    {
        if (_stop)
        {
            return;
        }

        _stop = true;
        Interlocked.Increment(ref _generation);
        WakeSleepers();
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }

        foreach (ThreadWait? wait in _waits)
        {
            wait?.Dispose();
        }
    }

    private void Loop(int worker)
    {
        int seen = 0;
        Volatile.Write(ref _waits[worker], ThreadWait.OfThisThread());
        while (true)
        {
            WaitForNext(seen);
            if (_stop)
            {
                return;
            }

            seen = _generation;
            RunGuarded(worker);
            Interlocked.Increment(ref _finished);
        }
    }

    private void WaitForNext(int seen)
    {
        for (int i = 0; i < SpinsBeforeYield; i++)
        {
            if (_generation != seen)
            {
                return;
            }

            Thread.SpinWait(1);
        }

        // Either this thread sees the new generation, or WakeSleepers sees that it sleeps: a full fence lies between the two
        // on both sides.
        Interlocked.Increment(ref _sleeping);
        lock (_wake)
        {
            while (_generation == seen)
            {
                Monitor.Wait(_wake);
            }
        }

        Interlocked.Decrement(ref _sleeping);
    }

    private void WakeSleepers()
    {
        if (_sleeping > 0)
        {
            lock (_wake)
            {
                Monitor.PulseAll(_wake);
            }
        }
    }

    private void RunGuarded(int worker)
    {
        try
        {
            _work!(worker);
        }
        catch (Exception exception)
        {
            // The other threads may wait at a barrier for this one: a failed worker cannot be resumed, so the process reports
            // and ends rather than hang.
            Environment.FailFast($"gpu-decode-bench: a CPU worker failed: {exception}");
        }
    }

    private struct Spinner
    {
        private int _spins;

        public void Once()
        {
            if (++_spins < SpinsBeforeYield)
            {
                Thread.SpinWait(1);
            }
            else
            {
                Thread.Yield();
            }
        }
    }
}
