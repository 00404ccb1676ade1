using GpuDecodeBench.Backends.Cpu.Kernels;
using GpuDecodeBench.Backends.Cpu.Operations;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>Turns a plan's operations into the CPU's.</summary>
internal sealed class CpuStepBuilder(CpuTeam team, CpuModel model, CpuStepMemory memory)
{
    public IEnumerable<CpuOperation> Build() => memory.Plan.Operations.SelectMany(Translate);

    private IEnumerable<CpuOperation> Translate(PlanOperation operation)
    {
        CpuKernels kernels = model.Kernels;
        var epsilon = (float)memory.Plan.Model.RmsNormEpsilon;
        switch (operation.Kind)
        {
            case OperationKind.Embedding:
                yield return new EmbeddingOperation(
                    operation,
                    model.Matrix(operation.Weight!),
                    memory.Tokens,
                    Output(operation)
                );
                break;
            case OperationKind.RmsNorm:
                yield return new RmsNormOperation(
                    operation,
                    kernels,
                    model.Vector(operation.Weight!),
                    epsilon,
                    Input(operation),
                    Output(operation)
                );
                break;
            case OperationKind.Linear:
                yield return new LinearOperation(
                    operation,
                    kernels,
                    model.Matrix(operation.Weight!),
                    operation.SecondWeight is null ? null : model.Vector(operation.SecondWeight),
                    Input(operation),
                    Output(operation),
                    team.Size
                );
                break;
            case OperationKind.Residual:
                yield return new ResidualOperation(operation, kernels, Input(operation), Output(operation));
                break;
            case OperationKind.GatedActivation:
                CpuBuffer gated = Output(operation);
                yield return new GatedActivationOperation(operation, kernels, gated.Length, Input(operation), gated);
                break;
            case OperationKind.Argmax:
                yield return new ArgmaxOperation(operation, kernels, Input(operation), memory.NextTokens);
                break;
            default:
                foreach (CpuOperation part in TranslateAttention(operation, epsilon))
                {
                    yield return part;
                }

                break;
        }
    }

    private IEnumerable<CpuOperation> TranslateAttention(PlanOperation operation, float epsilon)
    {
        int layer = operation.Layer!.Value;
        var attention = (GroupedQueryAttention)memory.Plan.Model.Layers[layer].Attention;
        CpuBuffer qkv = memory.Buffer(StepBuffer.Qkv);
        switch (operation.Kind)
        {
            case OperationKind.HeadNorm:
                yield return new HeadNormOperation(
                    operation,
                    model.Kernels,
                    attention,
                    model.Vector(operation.Weight!),
                    model.Vector(operation.SecondWeight!),
                    epsilon,
                    qkv
                );
                break;
            case OperationKind.Rope:
                yield return new RopeOperation(
                    operation,
                    model.Kernels,
                    memory.Rotary(attention),
                    memory.Buffer(operation.Output)
                );
                break;
            case OperationKind.KvAppend:
                yield return new KvAppendOperation(operation, attention, memory.Cache(layer), memory.Slots, qkv);
                break;
            case OperationKind.Attention:
                AttentionSplit split = memory.Split(attention);
                CpuBuffer output = memory.Buffer(operation.Output);
                yield return new AttentionOperation(
                    operation,
                    model.Kernels,
                    split,
                    memory.Cache(layer),
                    memory.Slots,
                    qkv,
                    output
                );
                if (split.PiecesPerHead > 1)
                {
                    yield return new AttentionCombineOperation(operation, attention, split, output);
                }

                break;
            default:
                throw new NotSupportedException($"The CPU backend has no operation {operation.Kind}.");
        }
    }

    private CpuBuffer Input(PlanOperation operation) => memory.Buffer(operation.Input);

    private CpuBuffer Output(PlanOperation operation) => memory.Buffer(operation.Output);
}
