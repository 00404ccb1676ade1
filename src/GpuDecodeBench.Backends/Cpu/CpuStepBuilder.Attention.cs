using GpuDecodeBench.Backends.Cpu.Operations;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>The operations of attention.</summary>
internal sealed partial class CpuStepBuilder
{
    private CpuOperation AttentionPart(PlanOperation operation)
    {
        AttentionShape attention = LayerOf(operation).Attention;
        return operation.Kind switch
        {
            OperationKind.HeadNorm => new HeadNormOperation(
                operation,
                model.Kernels,
                (GroupedQueryAttention)attention,
                model.Vector(operation.Weight!),
                model.Vector(operation.SecondWeight!),
                _epsilon,
                Output(operation)
            ),
            OperationKind.LatentNorm => new LatentNormOperation(
                operation,
                model.Kernels,
                (MultiHeadLatentAttention)attention,
                model.Vector(operation.Weight!),
                _epsilon,
                Output(operation)
            ),
            OperationKind.Rope => new RopeOperation(
                operation,
                model.Kernels,
                memory.Rotary(attention),
                Output(operation)
            ),
            OperationKind.HeadLinear => new HeadLinearOperation(
                operation,
                model.Kernels,
                model.Matrices(operation.Weight!),
                Input(operation),
                Output(operation),
                memory.HeadRows(operation.Weight!.Layout.Columns)
            ),
            OperationKind.KvAppend => new KvAppendOperation(
                operation,
                memory.Cache(operation.Layer!.Value),
                memory.Slots,
                Input(operation)
            ),
            _ => throw new NotSupportedException($"The CPU backend has no operation {operation.Kind}."),
        };
    }

    private IEnumerable<CpuOperation> Attention(PlanOperation operation)
    {
        AttentionShape attention = LayerOf(operation).Attention;
        AttentionSplit split = memory.Split(attention);
        NativeBuffer? sinks = VectorOrNull(operation.Weight);
        yield return new AttentionOperation(
            operation,
            model.Kernels,
            attention,
            sinks,
            split,
            memory.Cache(operation.Layer!.Value),
            memory.Slots,
            Input(operation),
            Output(operation)
        );
        if (split.PiecesPerHead > 1)
        {
            yield return new AttentionCombineOperation(
                operation,
                model.Kernels,
                attention,
                split,
                sinks,
                Output(operation)
            );
        }
    }
}
