using GpuDecodeBench.Backends.Cpu;
using GpuDecodeBench.Backends.Cpu.Operations;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Benchmarks;

/// <summary>As many distinct matrices of a format and shape as make a cold set, and their products for a batch.</summary>
internal sealed unsafe class MatrixSet : IDisposable
{
    private const ulong Seed = 1;
    private const int CheckedRows = 16;

    /// <summary>Some hundred FP32 roundings: kernels keep many sums, and each grows by one row's share of the products.</summary>
    private const double SumError = 1e-5;

    private readonly PlanOperation[] _plans;
    private readonly int _threads;

    public MatrixSet(CpuTeam team, WeightLayout layout, long coldBytes)
    {
        _threads = team.Size;
        Layout = layout;
        _plans = new PlanOperation[ColdSet.Pieces(layout.TotalBytes, coldBytes)];
        Matrices = new PanelMatrix[_plans.Length];
        for (int layer = 0; layer < _plans.Length; layer++)
        {
            var tensor = new WeightTensor(TensorRole.Down, layer, layout);
            _plans[layer] = new PlanOperation
            {
                Index = 0,
                Name = "down_proj",
                Kind = OperationKind.Linear,
                Input = StepBuffer.Gated,
                Output = StepBuffer.Delta,
                OutputWidth = checked((int)layout.Rows),
                Weight = tensor,
            };
            Matrices[layer] = PanelLoader.Load(team, Seed, tensor, CancellationToken.None);
        }
    }

    public WeightLayout Layout { get; }

    public PanelMatrix[] Matrices { get; }

    /// <summary>Each matrix's product of one input, all into one output.</summary>
    public CpuOperation[] Products(CpuBuffer input, CpuBuffer output) =>
        [
            .. _plans.Select(
                (plan, layer) =>
                    new LinearOperation(plan, ChosenKernels.Kernels, Matrices[layer], null, input, output, _threads)
            ),
        ];

    /// <summary>A random input for a batch.</summary>
    public CpuBuffer Input(int batch)
    {
        var input = new CpuBuffer(StepBuffer.Gated, batch, Layout.Columns);
        Randomise(input);
        return input;
    }

    public CpuBuffer Output(int batch) => new(StepBuffer.Delta, batch, Layout.Rows);

    /// <summary>
    /// The largest error in some rows of the first matrix's product, against double precision on the weights made again from
    /// their seed, as a share of what adding up in FP32 may make.
    /// </summary>
    public double WorstOfBound(CpuBuffer input, CpuBuffer output)
    {
        var synthetic = new SyntheticMatrix(Seed, _plans[0].Weight!);
        var weights = new double[Layout.Columns];
        double worst = 0;
        for (int i = 0; i < CheckedRows; i++)
        {
            long row = i * (Layout.Rows - 1) / (CheckedRows - 1);
            synthetic.DecodeRow(row, weights);
            for (int sequence = 0; sequence < input.Batch; sequence++)
            {
                double sum = 0;
                double magnitude = 0;
                for (int column = 0; column < weights.Length; column++)
                {
                    double product = weights[column] * input.Row(sequence)[column];
                    sum += product;
                    magnitude += Math.Abs(product);
                }

                // Math.Max keeps NaN.
                worst = Math.Max(worst, Math.Abs(output.Row(sequence)[row] - sum) / (SumError * magnitude));
            }
        }

        return worst;
    }

    public void Dispose()
    {
        Array.ForEach(Matrices, matrix => matrix.Dispose());
    }

    internal static void Randomise(CpuBuffer buffer)
    {
        var random = new Random(1);
        for (int sequence = 0; sequence < buffer.Batch; sequence++)
        {
            for (int element = 0; element < buffer.Length; element++)
            {
                buffer.Row(sequence)[element] = (random.NextSingle() * 2) - 1;
            }
        }
    }
}
