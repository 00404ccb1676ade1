using BenchmarkDotNet.Attributes;
using GpuDecodeBench.Backends.Cpu;
using GpuDecodeBench.Backends.Cpu.Operations;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Benchmarks;

/// <summary>
/// The CPU's matrix product for a batch, on the down projection of an 8B Llama: 4096 rows of 14336 columns, cold. Each call takes
/// the next of as many distinct matrices as make a cold set.
/// </summary>
public unsafe class MatVecBenchmarks : IDisposable
{
    private const int Rows = 4096;
    private const int Columns = 14336;

    private CpuTeam _team = null!;
    private MemoryReader _reader = null!;
    private MatrixSet _set = null!;
    private CpuOperation[] _products = null!;
    private CpuBuffer _input = null!;
    private CpuBuffer _output = null!;
    private int _next;

    [ParamsAllValues]
    public WeightFormat Format { get; set; }

    [Params(1, 4, 16, 64)]
    public int Batch { get; set; }

    /// <summary>Bytes of one matrix, scales and zero points included.</summary>
    public static long ReadBytes(WeightFormat format) => new WeightLayout(format, Rows, Columns).TotalBytes;

    [GlobalSetup]
    public void Setup()
    {
        _team = new CpuTeam(Environment.ProcessorCount);
        _reader = new MemoryReader(_team, ChosenKernels.Kernels);
        _set = new MatrixSet(_team, new WeightLayout(Format, Rows, Columns), ColdSet.Bytes);
        _input = _set.Input(Batch);
        _output = _set.Output(Batch);
        _products = _set.Products(_input, _output);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _set.Dispose();
        _input.Dispose();
        _output.Dispose();
        _team.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The same bytes only read: what the product could reach at most.</summary>
    [Benchmark(Baseline = true)]
    public long ReadCeiling()
    {
        PanelMatrix matrix = _set.Matrices[Next()];
        return _reader.Read(matrix.Codes.Pointer, matrix.Codes.Bytes)
            + _reader.Read(matrix.Scales.Pointer, matrix.Scales.Bytes)
            + _reader.Read(matrix.ZeroPoints.Pointer, matrix.ZeroPoints.Bytes);
    }

    [Benchmark]
    public void MatVec()
    {
        CpuOperation product = _products[Next()];
        product.Reset();
        _team.Run(product.Run);
    }

    private int Next() => _next = (_next + 1) % _products.Length;
}
