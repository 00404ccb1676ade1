using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>A copy of what an operation wrote before a later one of the same launch overwrote it.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Rows">The copy.</param>
/// <param name="Columns">Elements of a row that are in the copy; those behind them stay in the operation's output.</param>
internal sealed record CudaTap(PlanOperation Operation, CudaRows Rows, int Columns);
