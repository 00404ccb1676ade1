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
        var epsilon = (float)memory.Plan.Model.RmsNormEpsilon;
        switch (operation.Kind)
        {
            case OperationKind.Embedding:
                yield return new EmbeddingOperation(
                    operation,
                    model.Matrix(operation.Weight!),
                    memory.Tokens,
                    memory.Buffer(operation.Output)
                );
                break;
            case OperationKind.RmsNorm:
                yield return new RmsNormOperation(
                    operation,
                    model.Vector(operation.Weight!),
                    epsilon,
                    memory.Buffer(operation.Input),
                    memory.Buffer(operation.Output)
                );
                break;
            case OperationKind.Linear:
                yield return new LinearOperation(
                    operation,
                    model.Matrix(operation.Weight!),
                    operation.SecondWeight is null ? null : model.Vector(operation.SecondWeight),
                    memory.Buffer(operation.Input),
                    memory.Buffer(operation.Output),
                    team.Size
                );
                break;
            case OperationKind.Residual:
                yield return new ResidualOperation(
                    operation,
                    memory.Buffer(operation.Input),
                    memory.Buffer(operation.Output)
                );
                break;
            case OperationKind.GatedActivation:
                CpuBuffer gated = memory.Buffer(operation.Output);
                yield return new GatedActivationOperation(
                    operation,
                    gated.Length,
                    memory.Buffer(operation.Input),
                    gated
                );
                break;
            case OperationKind.Argmax:
                yield return new ArgmaxOperation(operation, memory.Buffer(operation.Input), memory.NextTokens);
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
                    attention,
                    model.Vector(operation.Weight!),
                    model.Vector(operation.SecondWeight!),
                    epsilon,
                    qkv
                );
                break;
            case OperationKind.Rope:
                yield return new RopeOperation(operation, memory.Rotary(attention), memory.Buffer(operation.Output));
                break;
            case OperationKind.KvAppend:
                yield return new KvAppendOperation(operation, attention, memory.Cache(layer), memory.Slots, qkv);
                break;
            case OperationKind.Attention:
                AttentionSplit split = memory.Split(attention);
                CpuBuffer output = memory.Buffer(operation.Output);
                yield return new AttentionOperation(operation, split, memory.Cache(layer), memory.Slots, qkv, output);
                if (split.PiecesPerHead > 1)
                {
                    yield return new AttentionCombineOperation(operation, attention, split, output);
                }

                break;
            default:
                throw new NotSupportedException($"The CPU backend has no operation {operation.Kind}.");
        }
    }
}
