namespace GpuDecodeBench.Ptx.Execution;

/// <summary>What lanes that stand at one instruction do.</summary>
internal enum GroupState
{
    Ready,

    /// <summary>At a barrier of the CTA.</summary>
    AtBarrier,

    /// <summary>At an instruction that waits for other lanes of the warp.</summary>
    AtWarpSync,
}
