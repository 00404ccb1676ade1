namespace GpuDecodeBench.Ptx.Execution;

/// <summary>Lanes of a warp that stand at the same instruction.</summary>
internal struct LaneGroup
{
    public int Position;
    public uint Lanes;
    public GroupState State;
    public int Barrier;
}
