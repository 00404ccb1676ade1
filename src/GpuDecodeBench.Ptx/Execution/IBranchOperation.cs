namespace GpuDecodeBench.Ptx.Execution;

/// <summary>An operation that goes elsewhere.</summary>
internal interface IBranchOperation
{
    void SetTargets(int[] targets);
}
