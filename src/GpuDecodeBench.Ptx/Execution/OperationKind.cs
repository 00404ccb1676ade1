namespace GpuDecodeBench.Ptx.Execution;

/// <summary>What an operation means to the warp's scheduler.</summary>
internal enum OperationKind
{
    /// <summary>Works on the lanes and goes on to the next.</summary>
    Plain,
    Branch,
    IndexedBranch,

    /// <summary>Joins blocks the layout has torn apart; counts as no instruction.</summary>
    Jump,
    Exit,
    Barrier,

    /// <summary>Needs the lanes of its member mask together.</summary>
    WarpSync,
}
