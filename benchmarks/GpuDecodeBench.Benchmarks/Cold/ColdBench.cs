using System.Diagnostics;
using GpuDecodeBench.Backends;
using GpuDecodeBench.Backends.Cpu;
using GpuDecodeBench.Measurement.Statistics;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Benchmarks.Cold;

/// <summary>
/// Measures items one at a time, in turns: the read ceiling, the item, the ceiling again. A machine whose memory changes speed
/// within seconds then changes both sides of a share.
/// </summary>
internal sealed class ColdBench : IDisposable
{
    /// <summary>What a turn of an item takes at least, where the set has pieces enough: long against the timer, short against the machine's moods.</summary>
    private const double TurnSeconds = 0.025;

    private const double WarmSeconds = 0.4;

    /// <summary>A ceiling is the best of the two read kernels that <see cref="CpuCeilings"/> follows.</summary>
    private const int CeilingPasses = 2;

    // CpuCeilings reads eight times the last-level cache, an eighth of what is free at most: this makes it a GiB.
    private const long CeilingCacheBytes = 128L << 20;
    private const long CeilingFreeBytes = 8L << 30;
    private static readonly TimeSpan s_ceilingLimit = TimeSpan.FromSeconds(4);

    private readonly CpuTeam _team;
    private readonly CpuCeilings _ceilings;
    private readonly DeviceCeilings _peak;
    private ColdItem? _latest;
    private MatrixSet? _matrices;
    private ColdWork? _work;

    public ColdBench(int threads)
    {
        _team = new CpuTeam(threads);
        _ceilings = new CpuCeilings(_team, ChosenKernels.Kernels, CeilingCacheBytes, CeilingFreeBytes);
        _peak = _ceilings.Measure(s_ceilingLimit, CancellationToken.None);
    }

    /// <summary>What was measured at the start, in words.</summary>
    public string Ceilings =>
        $"{_team.Size} threads; read {_peak.ReadBytesPerSecond / 1e9:0.0} GB/s ({_peak.ReadMethod}); {_peak.FlopsPerSecond / 1e9:0} GFLOP/s ({_peak.FlopsMethod})";

    public ColdResult Measure(ColdItem item, int turns)
    {
        ColdWork work = Prepare(item);
        double once = Math.Min(work.SecondsEach(1), work.SecondsEach(1));
        int count = (int)Math.Clamp(TurnSeconds / once, 1, work.Pieces);
        var seconds = new double[turns];
        var ceilings = new double[turns];
        // The first turn only warms up.
        for (int turn = -1; turn < turns; turn++)
        {
            double before = ReadCeiling();
            double each = work.SecondsEach(count);
            double after = ReadCeiling();
            if (turn >= 0)
            {
                seconds[turn] = each;
                ceilings[turn] = (before + after) / 2;
            }
        }

        return Result(item, work, count, seconds, ceilings);
    }

    public void Dispose()
    {
        _work?.Dispose();
        _matrices?.Dispose();
        _ceilings.Dispose();
        _team.Dispose();
    }

    private ColdResult Result(ColdItem item, ColdWork work, int count, double[] seconds, double[] ceilings)
    {
        double median = OrderStatistics.MedianOf(seconds);
        return new ColdResult
        {
            Program = ColdResult.OwnName,
            Kind = item.Kind,
            Type = item.Type,
            Layout = item.Weights is null ? "paged" : "panels",
            K = item.K,
            N = item.N,
            Batch = item.Batch,
            Context = item.Context,
            Seconds = median,
            Bytes = work.PieceBytes,
            BytesPerSecond = work.PieceBytes / median,
            ShareOfCeiling = OrderStatistics.MedianOf(
                seconds.Zip(ceilings, (each, ceiling) => work.PieceBytes / each / ceiling)
            ),
            Flops = work.Flops,
            FlopsPerSecond = work.Flops / median,
            ShareOfFmaPeak = work.Flops / median / _peak.FlopsPerSecond,
            Turns = seconds.Length,
            CeilingBytesPerSecond = OrderStatistics.MedianOf(ceilings),
            Pieces = work.Pieces,
            PiecesPerTurn = count,
            TurnSeconds = seconds,
            TurnCeilings = ceilings,
        };
    }

    private double ReadCeiling()
    {
        double best = 0;
        for (int i = 0; i < CeilingPasses; i++)
        {
            best = Math.Max(best, _ceilings.ReadOnce(null));
        }

        return best;
    }

    /// <summary>Keeps the latest matrices: the next item often needs the same ones.</summary>
    private ColdWork Prepare(ColdItem item)
    {
        if (_work is not null && item == _latest)
        {
            return _work;
        }

        _work?.Dispose();
        _work = null;
        _latest = item;
        WeightLayout? layout = item.Weights is WeightFormat format ? new WeightLayout(format, item.N, item.K) : null;
        if (_matrices is not null && (layout is null || layout.Value != _matrices.Layout))
        {
            _matrices.Dispose();
            _matrices = null;
        }

        if (layout is WeightLayout needed)
        {
            _matrices ??= ColdWork.Matrices(_team, needed);
            _work = ColdWork.OfProducts(_team, _matrices, item.Batch);
        }
        else
        {
            _work = ColdWork.OfAttention(_team, item.Kv!.Value, item.Context);
        }

        // The runtime compiles small methods again once it has seen them run.
        var watch = Stopwatch.StartNew();
        do
        {
            _work.SecondsEach(1);
        } while (watch.Elapsed.TotalSeconds < WarmSeconds);

        return _work;
    }
}
