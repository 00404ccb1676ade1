using BenchmarkDotNet.Attributes;
using GpuDecodeBench.Backends.Cpu;
using GpuDecodeBench.Backends.Cpu.Kernels;
using GpuDecodeBench.Backends.Cpu.Operations;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Benchmarks;

/// <summary>
/// The CPU's matrix product for a batch, on the down projection of an 8B Llama: 4096 rows of 14336 columns, cold. Each call takes
/// the next of as many distinct matrices as make a cold set.
/// </summary>
public unsafe class MatVecBenchmarks : IDisposable
{
    private const int Rows = 4096;
    private const int Columns = 14336;
    private const ulong Seed = 1;

    private readonly List<PanelMatrix> _matrices = [];
    private readonly List<LinearOperation> _products = [];

    // The path that a run would take: the best, or what GPU_DECODE_BENCH_SIMD says.
    private readonly CpuKernels _kernels = CpuKernels.For(
        SimdPaths.Choose(Environment.GetEnvironmentVariable(SimdPaths.Variable))
    );
    private CpuTeam _team = null!;
    private MemoryReader _reader = null!;
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
        _reader = new MemoryReader(_team, _kernels);
        _input = new CpuBuffer(StepBuffer.Gated, Batch, Columns);
        _output = new CpuBuffer(StepBuffer.Delta, Batch, Rows);
        var random = new Random(1);
        for (int sequence = 0; sequence < Batch; sequence++)
        {
            for (int column = 0; column < Columns; column++)
            {
                _input.Row(sequence)[column] = (random.NextSingle() * 2) - 1;
            }
        }

        int matrices = ColdSet.Pieces(ReadBytes(Format));
        for (int layer = 0; layer < matrices; layer++)
        {
            var tensor = new WeightTensor(TensorRole.Down, layer, new WeightLayout(Format, Rows, Columns));
            var plan = new PlanOperation
            {
                Index = 0,
                Name = "down_proj",
                Kind = OperationKind.Linear,
                Input = StepBuffer.Gated,
                Output = StepBuffer.Delta,
                OutputWidth = Rows,
                Weight = tensor,
            };
            _matrices.Add(PanelLoader.Load(_team, Seed, tensor, CancellationToken.None));
            _products.Add(new LinearOperation(plan, _kernels, _matrices[layer], null, _input, _output, _team.Size));
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _matrices.ForEach(matrix => matrix.Dispose());
        _input.Dispose();
        _output.Dispose();
        _team.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The same bytes only read: what the product could reach at most.</summary>
    [Benchmark(Baseline = true)]
    public long ReadCeiling()
    {
        PanelMatrix matrix = _matrices[Next()];
        return _reader.Read(matrix.Codes.Pointer, matrix.Codes.Bytes)
            + _reader.Read(matrix.Scales.Pointer, matrix.Scales.Bytes)
            + _reader.Read(matrix.ZeroPoints.Pointer, matrix.ZeroPoints.Bytes);
    }

    [Benchmark]
    public void MatVec()
    {
        LinearOperation product = _products[Next()];
        product.Reset();
        _team.Run(product.Run);
    }

    private int Next() => _next = (_next + 1) % _matrices.Count;
}
