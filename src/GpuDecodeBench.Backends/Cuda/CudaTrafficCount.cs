using System.Collections.Immutable;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Traffic;
using GpuDecodeBench.Ptx;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>Counts what an emulated device's launches do while a step runs operation by operation; real devices count nothing.</summary>
internal sealed class CudaTrafficCount : IDisposable
{
    private const int SectorBytes = 32;
    private const int WidestLoad = 16;
    private readonly CudaDevice _device;
    private readonly CudaStepMemory _memory;
    private readonly List<LaunchCounters> _launches = [];
    private readonly List<ImmutableArray<PlanOperation>> _closed = [];
    private readonly List<OperationTraffic> _operations = [];

    public CudaTrafficCount(CudaDevice device, CudaStepMemory memory)
    {
        _device = device;
        _memory = memory;
        if (device.Machine is not null)
        {
            device.Machine.OnLaunch += Add;
        }
    }

    /// <summary>All launches since the last call were these operations'; several that share a launch count as one.</summary>
    public void Close(ImmutableArray<PlanOperation> operations)
    {
        if (_device.Machine is not null)
        {
            _closed.Add(operations);
            _operations.Add(Sum(operations));
            _launches.Clear();
        }
    }

    /// <summary>The traffic of all operations, beside what the step's own tokens and experts need; null for a real device.</summary>
    public IReadOnlyList<OperationTraffic>? Finish(StepInputs inputs, IReadOnlyList<int>? distinctExperts)
    {
        if (_device.Machine is null)
        {
            return null;
        }

        DecodeStepPlan plan = distinctExperts is null
            ? _memory.Plan
            : _memory.Plan.WithDistinctExperts(distinctExperts);
        var padding = new CudaPadding(_memory, inputs.Tokens.Distinct().Count());
        return
        [
            .. _operations.Zip(
                _closed,
                (traffic, closed) =>
                {
                    PlanOperation[] own =
                    [
                        .. closed.Select(operation => padding.WithOwnTokens(plan.Operations[operation.Index])),
                    ];
                    return traffic with
                    {
                        Operation = Together(own),
                        PaddingBytes = own.Sum(padding.Of),
                        SavedBytes = own.Sum(CudaPadding.SavedOf),
                    };
                }
            ),
        ];
    }

    public void Dispose()
    {
        if (_device.Machine is not null)
        {
            _device.Machine.OnLaunch -= Add;
        }
    }

    private void Add(string kernel, CudaDim3 grid, CudaDim3 block, LaunchCounters counters) => _launches.Add(counters);

    /// <summary>Operations as one, under all their names; what they hand to each other counts as their plan has it.</summary>
    private static PlanOperation Together(IReadOnlyList<PlanOperation> operations) =>
        operations.Count == 1
            ? operations[0]
            : operations[0] with
            {
                Name = string.Join('+', operations.Select(operation => operation.Name)),
                WeightReadBytes = operations.Sum(operation => operation.WeightReadBytes),
                KvReadBytes = operations.Sum(operation => operation.KvReadBytes),
                ActivationReadBytes = operations.Sum(operation => operation.ActivationReadBytes),
                KvWriteBytes = operations.Sum(operation => operation.KvWriteBytes),
                ActivationWriteBytes = operations.Sum(operation => operation.ActivationWriteBytes),
                Flops = operations.Sum(operation => operation.Flops),
            };

    private OperationTraffic Sum(ImmutableArray<PlanOperation> operations)
    {
        var all = LaunchCounters.Together(_launches);
        ILookup<CudaMemoryKind, AllocationCounters> kinds = all.Allocations.Values.ToLookup(allocation =>
            _device.Context.KindOf(allocation.Label)
        );
        long Read(params CudaMemoryKind[] which) =>
            which.Sum(kind => kinds[kind].Sum(allocation => allocation.DistinctReadBytes));
        long Written(params CudaMemoryKind[] which) =>
            which.Sum(kind => kinds[kind].Sum(allocation => allocation.DistinctWrittenBytes));
        LoadTraffic Loads(CudaMemoryKind kind) =>
            kinds[kind].Aggregate(default(LoadTraffic), (sum, allocation) => sum + LoadsOf(allocation));
        CudaMemoryKind[] weights = [CudaMemoryKind.WeightCodes, CudaMemoryKind.WeightScales, CudaMemoryKind.Vector];
        return new OperationTraffic
        {
            Operation = Together(operations),
            WeightReadBytes = Read(weights),
            KvReadBytes = Read(CudaMemoryKind.KvCache) + operations.Sum(ArgumentBytes),
            OtherReadBytes = Read(CudaMemoryKind.Activations),
            ScratchReadBytes = Read(CudaMemoryKind.Scratch, CudaMemoryKind.Kernel),
            KvWriteBytes = Written(CudaMemoryKind.KvCache),
            ActivationWriteBytes = Written(CudaMemoryKind.Activations),
            ScratchWriteBytes = Written(CudaMemoryKind.Scratch, CudaMemoryKind.Kernel),
            WeightWriteBytes = Written(weights),
            CodeLoads = Loads(CudaMemoryKind.WeightCodes),
            WeightLoads = Loads(CudaMemoryKind.WeightCodes) + Loads(CudaMemoryKind.WeightScales),
            KvLoads = Loads(CudaMemoryKind.KvCache),
            LocalAccesses = all.LocalAccesses,
            SharedBankConflicts = all.SharedBankConflicts,
            ThreadInstructions = all.TotalThreadInstructions,
            Launches = _launches.Count,
        };
    }

    /// <summary>The scales that a layer's cache has once are arguments of kernels, not memory.</summary>
    private long ArgumentBytes(PlanOperation operation) =>
        operation.Kind is OperationKind.Attention or OperationKind.KvAppend
            ? _memory.Plan.KvLayoutOf(operation.Layer!.Value).LayerScaleBytes
            : 0;

    private static LoadTraffic LoadsOf(AllocationCounters allocation) =>
        new(
            allocation.LoadedBytes,
            WidestLoad * allocation.LoadsByWidthBytes.GetValueOrDefault(WidestLoad),
            SectorBytes * allocation.LoadSectors,
            allocation.UsefulLoadBytes
        );
}
