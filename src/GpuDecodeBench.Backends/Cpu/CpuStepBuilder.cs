using GpuDecodeBench.Backends.Cpu.Operations;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>Turns a plan's operations into the CPU's.</summary>
internal sealed partial class CpuStepBuilder(CpuTeam team, CpuModel model, CpuStepMemory memory)
{
    private readonly float _epsilon = (float)memory.Plan.Model.RmsNormEpsilon;

    public IEnumerable<CpuOperation> Build() => memory.Plan.Operations.SelectMany(Translate);

    private IEnumerable<CpuOperation> Translate(PlanOperation operation) =>
        operation.Kind switch
        {
            OperationKind.Attention => Attention(operation),
            OperationKind.Route => Route(operation),
            OperationKind.ExpertLinear => ExpertLinear(operation),
            _ => [TranslateOne(operation)],
        };

    private CpuOperation TranslateOne(PlanOperation operation) =>
        operation.Kind switch
        {
            OperationKind.Embedding => new EmbeddingOperation(
                operation,
                model.Matrix(operation.Weight!),
                memory.Tokens,
                memory.Plan.Model.EmbeddingScale,
                Output(operation)
            ),
            OperationKind.RmsNorm => new RmsNormOperation(
                operation,
                model.Kernels,
                model.Vector(operation.Weight!),
                _epsilon,
                Input(operation),
                Output(operation)
            ),
            OperationKind.Linear => new LinearOperation(
                operation,
                model.Kernels,
                model.Matrix(operation.Weight!),
                VectorOrNull(operation.SecondWeight),
                Input(operation),
                Output(operation),
                team.Size
            ),
            OperationKind.Residual => new ResidualOperation(
                operation,
                model.Kernels,
                Input(operation),
                Output(operation)
            ),
            OperationKind.GatedActivation => new GatedActivationOperation(
                operation,
                model.Kernels,
                LayerOf(operation).FeedForward.Activation,
                Input(operation),
                Output(operation)
            ),
            OperationKind.Argmax => new ArgmaxOperation(operation, model.Kernels, Input(operation), memory.NextTokens),
            OperationKind.SoftCap => new SoftCapOperation(
                operation,
                model.Kernels,
                (float)memory.Plan.Model.LogitSoftCap!.Value,
                Output(operation)
            ),
            OperationKind.ExpertCombine => ExpertCombine(operation),
            _ => AttentionPart(operation),
        };

    private LayerShape LayerOf(PlanOperation operation) => memory.Plan.Model.Layers[operation.Layer!.Value];

    private NativeBuffer? VectorOrNull(WeightTensor? tensor) => tensor is null ? null : model.Vector(tensor);

    private CpuBuffer Input(PlanOperation operation) => memory.Buffer(operation.Input);

    private CpuBuffer Output(PlanOperation operation) => memory.Buffer(operation.Output);
}
