using GpuDecodeBench.Backends.Cuda.Arguments;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Cuda.Tuning;
using GpuDecodeBench.Backends.Cuda.Weights;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>Turns a plan's operations into launches of kernels.</summary>
internal sealed partial class CudaStepBuilder(
    CudaDevice device,
    CudaModel model,
    CudaStepMemory memory,
    IKernelChoices choices
)
{
    private readonly int _batch = memory.Plan.Conditions.Batch;
    private readonly float _epsilon = (float)memory.Plan.Model.RmsNormEpsilon;

    public IEnumerable<CudaWork> Build()
    {
        int next = 0;
        while (next < memory.Plan.Operations.Length)
        {
            CudaWork? fused = device.FusesOperations ? Fused(memory.Plan.Operations.AsSpan()[next..]) : null;
            foreach (CudaWork work in fused is null ? Build(memory.Plan.Operations[next]) : [fused])
            {
                yield return work;
            }

            next += fused?.Operations.Length ?? 1;
        }
    }

    /// <summary>The launches of one operation.</summary>
    public IEnumerable<CudaWork> Build(PlanOperation operation) =>
        operation.Kind switch
        {
            OperationKind.Linear or OperationKind.ExpertLinear => [Linear(operation)],
            OperationKind.HeadLinear => HeadLinear(operation),
            OperationKind.Attention => Attention(operation),
            OperationKind.Route => Route(operation),
            OperationKind.ExpertCombine => [ExpertCombine(operation)],
            OperationKind.Embedding => [Embedding(operation)],
            OperationKind.Argmax => [Argmax(operation)],
            _ => [Elementwise(operation)],
        };

    private LayerShape LayerOf(PlanOperation operation) => memory.Plan.Model.Layers[operation.Layer!.Value];

    private CudaRows Input(PlanOperation operation) => memory.Rows(operation.Input);

    private CudaRows Output(PlanOperation operation) => memory.Rows(operation.Output);

    private ulong VectorOrNull(WeightTensor? tensor) => tensor is null ? 0 : model.Vector(tensor).Address;

    /// <summary>A launch of one of the kernels that are the same for all formats.</summary>
    private CudaLaunch Launch(string module, string kernel, CudaDim3 grid, int threads) =>
        new(device.Kernels.Get(module, kernel), grid, new CudaDim3(threads), 0, device.Kernels.HasDependentLaunch);

    private CudaWork Linear(PlanOperation operation)
    {
        LinearArguments arguments = ArgumentsOf(operation);
        return LinearWork([operation], arguments, arguments);
    }

    /// <summary>Of a product with one matrix, or with one for each expert.</summary>
    private LinearArguments ArgumentsOf(PlanOperation operation)
    {
        CudaMatrices matrices = model.Matrices(operation.Weight!);
        CudaRows input = Input(operation);
        CudaRows output = Output(operation);
        var arguments = new LinearArguments
        {
            Weights = matrices.Arguments,
            Bias = VectorOrNull(operation.SecondWeight),
            X = input.Address,
            Y = output.Address,
            XDivisor = 1,
            Tokens = _batch,
            XStride = input.Stride,
            YStride = output.Stride,
        };
        return operation.Kind == OperationKind.ExpertLinear
            ? arguments with
            {
                Groups = memory.Groups(operation.Layer!.Value),
                Entries = memory.Entries,
                GroupCapacity = Math.Min(matrices.Count, _batch * operation.Slots),
                XDivisor = operation.Input == StepBuffer.Normed ? operation.Slots : 1,
            }
            : arguments;
    }

    /// <summary>
    /// A matrix for each head. Heads of the input that do not begin on 16 bytes are copied apart first, and what a head's matrix
    /// does not take is copied behind its product.
    /// </summary>
    private IEnumerable<CudaWork> HeadLinear(PlanOperation operation)
    {
        CudaMatrices matrices = model.Matrices(operation.Weight!);
        CudaRows input = Input(operation);
        CudaRows output = Output(operation);
        int heads = matrices.Count;
        int rows = (int)matrices.Layout.Matrix.Rows;
        int columns = (int)matrices.Layout.Matrix.Columns;
        int outputStride = operation.OutputWidth / heads;
        int copied = outputStride - rows;
        int inputStride = columns + copied;
        ulong x = input.Address;
        int xStride = input.Stride;
        int xMatrixStride = inputStride;
        if (inputStride % 8 != 0 || columns % matrices.Layout.ChunkColumns != 0)
        {
            xMatrixStride = CudaRows.StrideOf(columns);
            xStride = heads * xMatrixStride;
            x = memory.HeadCopies(columns, heads);
            yield return CopyHeads(
                operation,
                new CopyPlace(input.Address, input.Stride, inputStride, 0),
                new CopyPlace(x, xStride, xMatrixStride, 0),
                heads,
                columns
            );
        }

        LinearArguments arguments = ArgumentsOf(operation) with
        {
            X = x,
            XStride = xStride,
            XMatrixStride = xMatrixStride,
            YMatrixStride = outputStride,
        };
        yield return LinearWork([operation], arguments, arguments);
        if (copied > 0)
        {
            yield return CopyHeads(
                operation,
                new CopyPlace(input.Address, input.Stride, inputStride, columns),
                new CopyPlace(output.Address, output.Stride, outputStride, rows),
                heads,
                copied
            );
        }
    }

    /// <param name="operations">The operation, and those that share its launch.</param>
    /// <param name="arguments">All but what the choice decides.</param>
    /// <param name="traced">The same for traced launches.</param>
    private CudaWork LinearWork(
        ReadOnlySpan<PlanOperation> operations,
        LinearArguments arguments,
        LinearArguments traced
    )
    {
        CudaMatrices matrices = model.Matrices(operations[0].Weight!);
        TileLayout layout = matrices.Layout;
        WeightFormat format = layout.Matrix.Format;
        int products = operations[0].Kind switch
        {
            OperationKind.HeadLinear => matrices.Count,
            OperationKind.ExpertLinear => arguments.GroupCapacity,
            _ => 1,
        };
        bool areExperts = operations[0].Kind == OperationKind.ExpertLinear;
        LinearChoice choice = choices.Choose(
            operations[0],
            "linear",
            LinearChoice.Shape(layout, products, _batch, areExperts),
            LinearChoice.Candidates(
                layout,
                products,
                _batch,
                areExperts,
                device.Kernels.HasMatrixInstructions,
                device.Information.MultiprocessorCount
            )
        );
        if (CanJoin(operations[0]))
        {
            choice = choice.ForPairsOfTiles();
        }

        var launch = new CudaLaunch(
            device.Kernels.Get($"linear_{format.Name()}", choice.KernelName(format)),
            choice.Grid(layout, products, _batch),
            LinearChoice.Block,
            0,
            device.Kernels.HasDependentLaunch
        );
        (ulong partials, ulong arrivals) = SplitMemory(choice, layout, products);
        LinearArguments Chosen(LinearArguments all) =>
            all with
            {
                TeamsPerTile = choice.TeamsPerTile,
                Splits = choice.Splits,
                Partials = partials,
                Arrivals = arrivals,
                Ahead = device.Kernels.GroupsAhead,
            };
        return CudaWork.Of(operations, launch, Chosen(arguments), Chosen(traced));
    }

    /// <summary>
    /// Where splits of a product meet. All products share it: a kernel waits for the end of those before it, and leaves the
    /// counters at zero.
    /// </summary>
    private (ulong Partials, ulong Arrivals) SplitMemory(LinearChoice choice, TileLayout layout, int products) =>
        choice.Splits == 1
            ? (0, 0)
            : (
                memory.Scratch(CudaStepMemory.LinearPartials, choice.PartialBytes(layout, products, _batch)),
                memory.Scratch(CudaStepMemory.LinearArrivals, choice.Arrivals(layout, products, _batch) * sizeof(uint))
            );

    /// <summary>Where copied parts of heads lie: elements from token to token, from head to head, and before the first.</summary>
    private readonly record struct CopyPlace(ulong Address, int TokenStride, int HeadStride, int Offset);
}
