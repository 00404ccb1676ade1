using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cuda.Tuning;

/// <summary>A shape whose fastest way is to be found.</summary>
/// <param name="Kind">What sort of choice it is.</param>
/// <param name="Shape">The shape.</param>
/// <param name="Candidates">The ways, the guess first.</param>
/// <param name="Operations">The step's operations of this shape, each with weights or a cache of its own.</param>
internal sealed record TuningTask(
    string Kind,
    string Shape,
    IReadOnlyList<string> Candidates,
    IReadOnlyList<PlanOperation> Operations
)
{
    /// <summary>Bytes that a step cannot find in any cache, of all operations together: what there is to gain from.</summary>
    public long Bytes => Operations.Sum(operation => operation.CompulsoryReadBytes);
}
