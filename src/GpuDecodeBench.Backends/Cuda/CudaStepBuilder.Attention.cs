using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>Attention over the paged cache.</summary>
internal sealed partial class CudaStepBuilder
{
    private IEnumerable<CudaWork> Attention(PlanOperation operation) => throw new NotSupportedException(operation.Name);
}
