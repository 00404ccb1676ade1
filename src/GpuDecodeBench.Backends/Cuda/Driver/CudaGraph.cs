namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>Captured work, ready to be launched as one.</summary>
internal sealed class CudaGraph : CudaResource
{
    private readonly nint _executable;

    internal CudaGraph(CudaContext context, nint executable, int nodeCount)
        : base(context)
    {
        _executable = executable;
        NodeCount = nodeCount;
    }

    /// <summary>Pieces of work.</summary>
    public int NodeCount { get; }

    internal nint EnterExecutable()
    {
        Enter();
        return _executable;
    }

    protected override void Free() => _ = Driver.GraphExecDestroy(_executable);
}
