using GpuDecodeBench.Backends.Cuda.Arguments;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>The operations of a mixture of experts but their products.</summary>
internal sealed partial class CudaStepBuilder
{
    private const int RouteThreads = 32;
    private const int GroupThreads = 1024;
    private const int CombineThreads = 128;

    /// <summary>What kernels/route.cu has room for.</summary>
    private const int MostEntries = 4096;

    private IEnumerable<CudaWork> Route(PlanOperation operation)
    {
        var experts = (MixtureOfExperts)LayerOf(operation).FeedForward;
        RouterShape router = experts.Router;
        CudaRows logits = Input(operation);
        int entries = _batch * operation.Slots;
        if (entries > MostEntries)
        {
            throw new DeviceUnavailableException(
                $"A batch of {_batch} with {operation.Slots} experts a token is more than the CUDA backend routes: {MostEntries / operation.Slots} tokens at most."
            );
        }

        yield return CudaWork.Of(
            operation,
            Launch("route", "route", new CudaDim3(_batch), RouteThreads),
            new RouteArguments
            {
                Logits = logits.Address,
                ChoiceBias = VectorOrNull(operation.Weight),
                Experts = memory.RoutedExperts,
                Weights = memory.RoutedWeights,
                Factor = router.WeightFactor,
                Stride = logits.Stride,
                ExpertCount = experts.Experts,
                Slots = operation.Slots,
                Groups = router.Groups,
                GroupsPerToken = router.GroupsPerToken,
                Sigmoid = router.Scoring == RouterScoring.Sigmoid ? 1 : 0,
                Normalize = router.NormalizeWeights ? 1 : 0,
            }
        );
        yield return CudaWork.Of(
            operation,
            Launch("route", "group_by_expert", new CudaDim3(1), GroupThreads),
            new GroupByExpertArguments
            {
                Experts = memory.RoutedExperts,
                Groups = memory.Groups(operation.Layer!.Value),
                Entries = memory.Entries,
                EntryCount = entries,
                Capacity = Math.Min(experts.Experts, entries),
            }
        );
    }

    private CudaWork ExpertCombine(PlanOperation operation)
    {
        var experts = (MixtureOfExperts)LayerOf(operation).FeedForward;
        CudaRows outputs = Input(operation);
        CudaRows result = Output(operation);
        CudaRows? shared = experts.SharedIntermediateSize > 0 ? memory.Rows(StepBuffer.SharedOutput) : null;
        return CudaWork.Of(
            operation,
            Launch(
                "expert_combine",
                "expert_combine",
                new CudaDim3(DivideUp(operation.OutputWidth, CombineThreads * Piece), _batch),
                CombineThreads
            ),
            new ExpertCombineArguments
            {
                Outputs = outputs.Address,
                Weights = memory.RoutedWeights,
                Shared = shared?.Address ?? 0,
                Y = result.Address,
                OutputsStride = outputs.Stride,
                SharedStride = shared?.Stride ?? 0,
                YStride = result.Stride,
                Width = operation.OutputWidth,
                Slots = experts.ExpertsPerToken,
            }
        );
    }
}
