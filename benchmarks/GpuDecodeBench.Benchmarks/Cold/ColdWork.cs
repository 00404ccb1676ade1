using System.Diagnostics;
using GpuDecodeBench.Backends.Cpu;
using GpuDecodeBench.Backends.Cpu.Operations;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Benchmarks.Cold;

/// <summary>Distinct pieces of the same work, computed in rotation so that each finds its memory cold.</summary>
internal sealed class ColdWork : IDisposable
{
    /// <summary>Weights or caches in rotation: far beyond any cache, and the same as the peers'.</summary>
    private const long Bytes = 1L << 30;

    private readonly CpuTeam _team;
    private readonly IDisposable[] _owned;
    private readonly CpuOperation[][] _pieces;
    private readonly Action<int> _runTurn;
    private int _first;
    private int _count;

    private ColdWork(CpuTeam team, CpuOperation[][] pieces, long pieceBytes, double flops, params IDisposable[] owned)
    {
        _team = team;
        _pieces = pieces;
        _owned = owned;
        _runTurn = RunTurn;
        PieceBytes = pieceBytes;
        Flops = flops;
    }

    public int Pieces => _pieces.Length;

    /// <summary>Bytes of one piece in the format's own layout.</summary>
    public long PieceBytes { get; }

    /// <summary>Floating-point operations of one piece.</summary>
    public double Flops { get; }

    public static ColdWork OfProducts(CpuTeam team, MatrixSet matrices, int batch)
    {
        WeightLayout layout = matrices.Layout;
        CpuBuffer input = matrices.Input(batch);
        CpuBuffer output = matrices.Output(batch);
        CpuOperation[][] pieces = [.. matrices.Products(input, output).Select(product => new[] { product })];
        double flops = 2.0 * layout.Rows * layout.Columns * batch;
        var work = new ColdWork(team, pieces, layout.TotalBytes, flops, input, output);
        work.SecondsEach(1);
        double error = matrices.WorstOfBound(input, output);
        return error <= 1
            ? work
            : throw new InvalidOperationException($"{layout.Format}, batch {batch}: an error of {error:0.00} bounds.");
    }

    public static ColdWork OfAttention(CpuTeam team, KvFormat format, int context)
    {
        var caches = new CacheSet(team, format, context, 1, Bytes);
        return new ColdWork(
            team,
            caches.Attentions,
            CacheSet.ReadBytes(format, context, 1),
            CacheSet.Flops(context, 1),
            caches
        );
    }

    public static MatrixSet Matrices(CpuTeam team, WeightLayout layout) => new(team, layout, Bytes);

    /// <summary>Computes the next pieces, with a barrier after each operation as in a step; seconds of one piece.</summary>
    public double SecondsEach(int count)
    {
        _count = count;
        for (int i = 0; i < count; i++)
        {
            Array.ForEach(_pieces[(_first + i) % Pieces], operation => operation.Reset());
        }

        long start = Stopwatch.GetTimestamp();
        _team.Run(_runTurn);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        _first = (_first + count) % Pieces;
        return seconds / count;
    }

    public void Dispose() => Array.ForEach(_owned, owned => owned.Dispose());

    private void RunTurn(int worker)
    {
        for (int i = 0; i < _count; i++)
        {
            foreach (CpuOperation operation in _pieces[(_first + i) % Pieces])
            {
                operation.Run(worker);
                _team.Barrier();
            }
        }
    }
}
