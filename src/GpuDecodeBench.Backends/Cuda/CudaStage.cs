using System.Collections.Immutable;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>Launches that belong together: those of one operation, or the one of several.</summary>
/// <param name="Works">The launches.</param>
internal sealed record CudaStage(ImmutableArray<CudaWork> Works)
{
    /// <summary>The operations, in the plan's order.</summary>
    public ImmutableArray<PlanOperation> Operations => Works[0].Operations;

    /// <summary>The launches of a step, put together.</summary>
    public static IEnumerable<CudaStage> Of(IEnumerable<CudaWork> works)
    {
        var together = new List<CudaWork>();
        foreach (CudaWork work in works)
        {
            if (together.Count > 0 && together[0].Operations[0] != work.Operations[0])
            {
                yield return new CudaStage([.. together]);
                together.Clear();
            }

            together.Add(work);
        }

        if (together.Count > 0)
        {
            yield return new CudaStage([.. together]);
        }
    }

    /// <summary>Divides the time of the launches among the operations by the bytes that each reads and writes.</summary>
    public void Divide(double seconds, Span<double> operationSeconds)
    {
        long bytes = Operations.Sum(BytesOf);
        foreach (PlanOperation operation in Operations)
        {
            operationSeconds[operation.Index] = Operations.Length == 1 ? seconds : seconds * BytesOf(operation) / bytes;
        }
    }

    private static long BytesOf(PlanOperation operation) => operation.ReadBytes + operation.WriteBytes;
}
