using GpuDecodeBench.Backends.Cpu.Operations;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>The operations of a mixture of experts.</summary>
internal sealed partial class CpuStepBuilder
{
    private IEnumerable<CpuOperation> Route(PlanOperation operation)
    {
        MixtureOfExperts experts = ExpertsOf(operation);
        yield return new RouteOperation(
            operation,
            experts,
            VectorOrNull(operation.Weight),
            Input(operation),
            Output(operation)
        );
        yield return new GroupByExpertOperation(operation, experts, memory.Experts!, Output(operation));
    }

    private IEnumerable<CpuOperation> ExpertLinear(PlanOperation operation)
    {
        PanelMatrixSet matrices = model.Matrices(operation.Weight!);
        bool isByToken = operation.Input == StepBuffer.Normed;
        if (isByToken && memory.Plan.Conditions.Batch > 1)
        {
            yield return new GatherByExpertOperation(
                operation,
                memory.Experts!,
                ExpertAssignment.MostDistinct(Output(operation).Batch, matrices.Count),
                Input(operation),
                memory.Gathered
            );
        }

        ExpertInput input = isByToken
            ? new ExpertInput(memory.Gathered, Input(operation))
            : new ExpertInput(Input(operation), null);
        yield return new ExpertLinearOperation(
            operation,
            model.Kernels,
            matrices,
            VectorOrNull(operation.SecondWeight),
            memory.Experts!,
            input,
            Output(operation),
            ExpertLinearOperation.RunsPerExpert(matrices[0], team.Size, operation.Slots)
        );
    }

    private ExpertCombineOperation ExpertCombine(PlanOperation operation) =>
        new(
            operation,
            model.Kernels,
            memory.Experts!,
            memory.Buffer(StepBuffer.Routing),
            Input(operation),
            ExpertsOf(operation).SharedIntermediateSize > 0 ? memory.Buffer(StepBuffer.SharedOutput) : null,
            Output(operation)
        );

    private MixtureOfExperts ExpertsOf(PlanOperation operation) => (MixtureOfExperts)LayerOf(operation).FeedForward;
}
